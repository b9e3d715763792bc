package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import io.gatecast.training.Trainer.Trained;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import io.gatecast.training.TrainingPlan.Optimiser;
import io.gatecast.training.TrainingPlan.Sampling;
import io.gatecast.training.data.BundledData;
import io.gatecast.training.data.Series;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Real data, a taste of it: every cell, composition and head ends a short training below where it began.
class BundledDataIsLearnedTest {
    private static final int STATIONS = 4;

    static Stream<Arguments> compositions() {
        RecurrentLayer lstm = new RecurrentLayer(CellKind.LSTM, 8), gru = new RecurrentLayer(CellKind.GRU, 8);
        return Stream.concat(
                Stream.of(CellKind.values()).map(kind -> Arguments.of(kind.label(), HeadKind.QUANTILES,
                        List.of(alone(kind)))),
                Stream.of(Arguments.of("stacked", HeadKind.QUANTILES, List.of(lstm, lstm, lstm)),
                        Arguments.of("mixed and residual", HeadKind.QUANTILES,
                                List.of(gru, new RecurrentLayer(CellKind.RNN, 8, null, false, true))),
                        Arguments.of("both ways", HeadKind.QUANTILES,
                                List.of(new RecurrentLayer(CellKind.LSTM, 8, null, true, false))),
                        Arguments.of("point", HeadKind.POINT, List.of(lstm)),
                        Arguments.of("gaussian", HeadKind.GAUSSIAN, List.of(lstm)),
                        Arguments.of("student-t", HeadKind.STUDENT_T, List.of(lstm))));
    }

    private static RecurrentLayer alone(CellKind kind) {
        return kind.isConvolutional()
                ? new RecurrentLayer(kind, 4, new Grid(2, 2, 3), false, false)
                : new RecurrentLayer(kind, 8);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("compositions")
    void theLossEndsBelowItsStart(String name, HeadKind head, List<RecurrentLayer> layers) {
        boolean grid = layers.getFirst().grid() != null; // which needs several channels
        List<Series> stations = BundledData.CHICAGO_L.read().stream().limit(STATIONS).toList();
        List<Series> series = grid ? List.of(joined(stations)) : stations;
        FeatureSpec spec = FeatureSpec.of(BundledData.CHICAGO_L.interval().toMillis(), series.getFirst().channels(),
                List.of(7), 7);
        Architecture architecture = spec.architecture(layers, head,
                head == HeadKind.POINT ? List.of(0.5) : List.of(0.1, 0.5, 0.9));
        Trained trained = Trainer.train(
                new TrainingPlan(spec, architecture, new Sampling(60, 60, 16), Dropout.NONE, new Optimiser(5e-3, 1, 0),
                        0, 0.1,
                        new Limits(OptionalInt.of(1), Duration.ofSeconds(2), OptionalInt.empty()), 1, 2),
                series, (update, done, loss) -> {});
        assertTrue(trained.loss() < trained.firstLoss(), name + ": " + trained.firstLoss() + " to " + trained.loss()
                + " in " + trained.updates() + " updates");
    }

    /// The stations side by side, where all of them have a value.
    private static Series joined(List<Series> stations) {
        long[] common = LongStream.of(stations.getFirst().timestamps()).filter(
                day -> stations.stream().allMatch(station -> Arrays.binarySearch(station.timestamps(), day) >= 0))
                .toArray();
        double[][] values = new double[stations.size()][];
        for (int c = 0; c < values.length; c++) {
            Series station = stations.get(c);
            values[c] = LongStream.of(common)
                    .mapToDouble(day -> station.values()[0][Arrays.binarySearch(station.timestamps(), day)]).toArray();
        }
        return new Series("stations", common, values);
    }
}
