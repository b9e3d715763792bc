package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.gatecast.avro.Forecast;
import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import io.gatecast.series.Observation;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.series.StoredSeries;
import io.gatecast.series.input.Calendar;
import io.gatecast.series.input.Categories;
import io.gatecast.series.input.Covariate;
import io.gatecast.series.input.KnownInputs;
import io.gatecast.streams.StreamsMetrics.Meter;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a model is told beside the values comes through the topics, and a swap keeps it.
class KnownInputsTopologyTest {
    private static final long HOUR = TestModels.HOUR;
    private static final FeatureSpec SPEC = TestModels.features().withKnown(new KnownInputs(
            Calendar.of(ZoneId.of("Europe/Berlin"), "de-by", HOUR, 3), List.of(new Covariate("heat", 10, 2)),
            new Categories("^[^/]+", List.of("north"), 2)));

    @TempDir
    private Path folder = Path.of("");

    private static Model model(int version, long effectiveFrom) {
        Architecture architecture = SPEC.architecture(List.of(new RecurrentLayer(CellKind.LSTM, 3)),
                List.of(0.1, 0.5, 0.9));
        Parameters parameters = Network.initialise(architecture, version);
        SplittableRandom random = new SplittableRandom(version);
        for (int i = 0; i < parameters.size(); i++) { // so that every input counts
            parameters.values[i] += (float) random.nextDouble(-0.3, 0.3);
        }
        return new Model(TestModels.ID, version, effectiveFrom, SPEC, Network.compile(architecture, parameters));
    }

    @Test
    void calendarCovariatesAndCategoryReachTheModelAndSurviveASwap() {
        Model first = model(1, 0), second = model(2, 4 * HOUR);
        try (Bench bench = new Bench(folder)) {
            bench.publish(ModelRecords.toRecord(first, null));
            bench.publish(ModelRecords.toRecord(second, null));
            SeriesForecaster before = new SeriesForecaster(first), after = new SeriesForecaster(second);
            SeriesState state = before.open("north/1", null);
            for (int step = 0; step < 8; step++) {
                double value = 5 + step % 4, heat = step == 2 ? Double.NaN : 9 + step;
                bench.observe("north/1", step * HOUR, value, List.of(heat));
                List<TestRecord<String, Forecast>> forecasts = bench.forecasts();
                SeriesForecaster forecaster = step < 4 ? before : after;
                state = forecaster.open("north/1", step == 0 ? null : new StoredSeries(state.bytes()));
                Forecasted expected = assertInstanceOf(Forecasted.class, forecaster.observe(state,
                        new Observation(step * HOUR, new double[]{value}, new double[]{heat})));
                assertArrayEquals(expected.forecast().values(),
                        SeriesRecords.toForecast(forecasts.getFirst().value()).values(), "step " + step);
            }
            assertEquals(1, bench.count(Meter.REWARMED));
        }
    }

    @Test
    void anObservationWithoutTheCovariatesGoesToTheDeadLetters() {
        try (Bench bench = new Bench(folder)) {
            bench.publish(ModelRecords.toRecord(model(1, 0), null));
            bench.observe("north/1", HOUR, 1);
            assertEquals(0, bench.forecasts().size());
            assertEquals(1, bench.deadLetters().size());
            assertEquals(1, bench.count(Meter.REJECTED));
        }
    }
}
