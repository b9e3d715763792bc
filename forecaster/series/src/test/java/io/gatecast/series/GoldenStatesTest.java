package io.gatecast.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.input.Covariate;
import io.gatecast.series.input.KnownInputs;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A state that lies in somebody's store must be read for ever. `golden/state-vN.bin` is what the writer of layout version N
/// made of 150 observations, and `golden/window-vN.bin` the window that belongs to it, where it has one; a file is never changed, a new version gets one of its own.
class GoldenStatesTest {
    private static final int STEPS = 150;
    private static final FeatureSpec PLAIN = new FeatureSpec(1000, 2, List.of(3, 60), 2, 2, 5, 7);
    private static final FeatureSpec WITH_COVARIATES = PLAIN.withKnown(
            KnownInputs.NONE.withCovariates(List.of(new Covariate("heat", 3, 2), new Covariate("price", 0, 1))));

    static Model model(int version) {
        return Models.of(version < 3 ? PLAIN : WITH_COVARIATES, 1);
    }

    static Observation observation(int step, SplittableRandom random) {
        double[] values = {10 + random.nextDouble(), random.nextInt(9) == 0 ? Double.NaN : 20 + random.nextDouble()};
        return new Observation(1000L * step, values, new double[]{step % 5, -step});
    }

    /// What the golden file was made of.
    static SeriesState fed(Model model) {
        SplittableRandom random = new SplittableRandom(1);
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SeriesState state = forecaster.open("s", null);
        for (int step = 0; step < STEPS; step++) {
            assertInstanceOf(Forecasted.class, forecaster.observe(state, observation(step, random)));
        }
        return state;
    }

    private static StoredSeries golden(int version) throws IOException {
        byte[] state = file("state-v" + version);
        return version < 4 ? new StoredSeries(state) : new StoredSeries(state, file("window-v" + version));
    }

    private static byte[] file(String name) throws IOException {
        try (var file = GoldenStatesTest.class.getResourceAsStream("/golden/" + name + ".bin")) {
            assertNotNull(file);
            return file.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void everyLayoutThatWasEverWrittenIsRead(int version) throws IOException {
        Model model = model(version);
        StoredSeries stored = golden(version);
        assertEquals(version, stored.state()[0]);
        SeriesState now = fed(model), then = new SeriesForecaster(model).open("s", stored);
        assertTrue(then.warmedByThisModel, "the hidden state was lost");
        assertEquals(STEPS, then.steps);
        assertEquals(1000L * (STEPS - 1), then.lastBucket);
        assertArrayEquals(now.window.values, then.window.values);
        assertArrayEquals(now.window.missing, then.window.missing);
        Observation next = new Observation(1000L * STEPS, new double[]{10.5, 20.5}, new double[]{1, 2});
        Forecasted after = assertInstanceOf(Forecasted.class, new SeriesForecaster(model).observe(then, next));
        Forecasted expected = assertInstanceOf(Forecasted.class, new SeriesForecaster(model).observe(now, next));
        assertTrue(!after.rewarmed() && after.forecast().warm());
        for (int i = 0; i < expected.forecast().values().length; i++) {
            assertEquals(expected.forecast().values()[i], after.forecast().values()[i], 1e-3);
        }
    }

    /// Whoever changes the layout adds what the writer before that made.
    @Test
    void theLayoutThatIsWrittenHasAGoldenFile() throws IOException {
        StoredSeries written = fed(model(4)).toStore();
        StoredSeries golden = golden(written.state()[0]);
        assertEquals(Objects.requireNonNull(golden.window())[0], Objects.requireNonNull(written.window())[0]);
    }
}
