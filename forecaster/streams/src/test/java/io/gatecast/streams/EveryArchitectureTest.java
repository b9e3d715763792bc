package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import io.gatecast.streams.StreamsMetrics.Meter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every cell, composition and head within the topology: its state is in the store, survives a restart, and gives way to
/// any other's.
final class EveryArchitectureTest {
    private static final FeatureSpec SPEC = new FeatureSpec(TestModels.HOUR, 4, List.of(4), 3, 4, 6, 5);
    private static final int STEPS = 24;
    private static final int SWAP = 12;
    private static final int SERIES = 2;

    @TempDir
    private Path folder;

    private static final Grid ROW = new Grid(1, 4, 3);
    private static final Grid SQUARE = new Grid(2, 2, 3);

    private static final List<Architecture> ALL = List.of(
            of(new RecurrentLayer(CellKind.RNN, 5)),
            of(new RecurrentLayer(CellKind.LSTM, 5)),
            of(new RecurrentLayer(CellKind.PEEPHOLE, 5)),
            of(new RecurrentLayer(CellKind.GRU, 5)),
            of(new RecurrentLayer(CellKind.GRU_RESET_BEFORE, 5)),
            of(new RecurrentLayer(CellKind.CONVLSTM, 3, ROW, false, false)),
            of(new RecurrentLayer(CellKind.CONVLSTM_PEEPHOLE, 2, SQUARE, false, false)),
            of(new RecurrentLayer(CellKind.GRU, 4, null, true, false)),
            of(new RecurrentLayer(CellKind.CONVLSTM, 2, SQUARE, false, false),
                    new RecurrentLayer(CellKind.LSTM, 8), new RecurrentLayer(CellKind.RNN, 8, null, false, true)),
            of(new RecurrentLayer(CellKind.LSTM, 3), new RecurrentLayer(CellKind.PEEPHOLE, 2, null, true, false)),
            of(HeadKind.POINT, List.of(0.5), new RecurrentLayer(CellKind.LSTM, 5)),
            of(HeadKind.GAUSSIAN, List.of(0.1, 0.5, 0.9), new RecurrentLayer(CellKind.LSTM, 5)),
            of(HeadKind.STUDENT_T, List.of(0.1, 0.5, 0.9), new RecurrentLayer(CellKind.GRU, 5)));

    private static Architecture of(RecurrentLayer... layers) {
        return of(HeadKind.QUANTILES, List.of(0.1, 0.5, 0.9), layers);
    }

    private static Architecture of(HeadKind head, List<Double> quantiles, RecurrentLayer... layers) {
        return SPEC.architecture(List.of(layers), head, quantiles);
    }

    static List<Architecture> all() {
        return ALL;
    }

    /// From each to the one after it and to the one five further on.
    static Stream<List<Architecture>> swaps() {
        int n = ALL.size();
        return IntStream.range(0, n).boxed().flatMap(
                i -> Stream.of(1, 5).map(apart -> List.of(ALL.get(i), ALL.get((i + apart) % n))));
    }

    @ParameterizedTest
    @MethodSource("swaps")
    void oneGivesWayToAnotherAndBothSurviveARestart(List<Architecture> swap) {
        List<Model> models = List.of(model(swap.getFirst(), 1, 0), model(swap.getLast(), 2, SWAP));
        Run straight = new Run(models);
        straight.observe(0, STEPS);
        assertEquals(SERIES, straight.bench.count(Meter.REWARMED), "each series is warmed again once");
        List<String> expected = straight.end();
        assertEquals(SERIES * STEPS, expected.size());

        Run restarted = new Run(models);
        int from = 0;
        for (int to : new int[]{7, SWAP, SWAP + 1, STEPS}) {
            restarted.observe(from, to);
            restarted.restart();
            from = to;
        }
        assertEquals(expected, restarted.end());
    }

    /// The store holds what the model needs, and what it holds matters.
    @ParameterizedTest
    @MethodSource("all")
    void aLostStateIsNotMadeUp(Architecture architecture) {
        Model model = model(architecture, 1, 0);
        Run kept = new Run(List.of(model));
        kept.observe(0, 7);
        for (byte[] state : kept.states().values()) {
            assertTrue(state.length > Float.BYTES * model.network().stateSize());
        }
        kept.observe(7, STEPS);
        List<String> expected = kept.end();
        Run lost = new Run(List.of(model));
        lost.observe(0, 7);
        lost.forget();
        lost.observe(7, STEPS);
        assertNotEquals(expected, lost.end());
    }

    private static Model model(Architecture architecture, int version, int step) {
        return new Model(TestModels.ID, version, step * TestModels.HOUR, SPEC,
                Network.compile(architecture, fresh(architecture, version)));
    }

    /// A fresh head says the same whatever it sees, so its weights are drawn, too.
    private static Parameters fresh(Architecture architecture, int seed) {
        var parameters = Network.initialise(architecture, seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (var tensor : parameters.tensors()) {
            if (tensor.name().startsWith("head.")) {
                for (int i = 0; i < tensor.size(); i++) {
                    parameters.values[tensor.offset() + i] = (float) random.nextDouble(-0.2, 0.2);
                }
            }
        }
        return parameters;
    }

    /// One instance after another over the same topics and state.
    private final class Run {
        private final List<Model> models;
        private final List<String> forecasts = new ArrayList<>();
        private Bench bench = new Bench(folder);

        Run(List<Model> models) {
            this.models = models;
            publish();
        }

        private void publish() {
            models.forEach(model -> bench.publish(ModelRecords.toRecord(model, null)));
        }

        void observe(int from, int to) {
            for (int step = from; step < to; step++) {
                for (int s = 0; s < SERIES; s++) {
                    SplittableRandom random = new SplittableRandom(31L * step + s);
                    double[] values = random.doubles(4, -1, 1).toArray();
                    if (random.nextInt(8) == 0 && step > 0) {
                        Arrays.fill(values, 0, 2, Double.NaN);
                    }
                    bench.observe("series-" + s, step * TestModels.HOUR, values);
                }
            }
        }

        Map<String, byte[]> states() {
            Map<String, byte[]> states = new HashMap<>();
            try (var all = bench.states().all()) {
                all.forEachRemaining(entry -> states.put(entry.key, entry.value));
            }
            return states;
        }

        /// The next instance finds the state of the last one and reads the models topic from its beginning.
        void restart() {
            Map<String, byte[]> states = states();
            end();
            bench = new Bench(folder);
            states.forEach(bench.states()::put);
            publish();
        }

        void forget() {
            states().keySet().forEach(bench.states()::delete);
        }

        List<String> end() {
            forecasts.addAll(bench.forecastBytes());
            bench.close();
            return forecasts;
        }
    }
}
