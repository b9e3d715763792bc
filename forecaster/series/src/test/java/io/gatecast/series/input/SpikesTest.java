package io.gatecast.series.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gatecast.series.FeatureSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpikesTest {
    private static final FeatureSpec PLAIN = FeatureSpec.of(1000, 1, List.of(), 4);
    private static final FeatureSpec SEASONAL = FeatureSpec.of(1000, 1, List.of(6), 4);

    /// @return the steps that were set aside, of values that come one by one
    private static List<Integer> setAside(FeatureSpec spec, int steps, IntToDoubleFunction value) {
        Spikes spikes = new Spikes(spec);
        int padding = spec.lookBack();
        float[] history = new float[padding + steps];
        Arrays.fill(history, Float.NaN);
        List<Integer> aside = new ArrayList<>();
        int used = 0;
        for (int t = 0; t < steps; t++) {
            int newest = padding + t - 1;
            float now = (float) value.applyAsDouble(t);
            used = spikes.recovered(used);
            if (spikes.isSpike(history, newest, Scaling.of(history, newest, spec), used, now)) {
                aside.add(t);
                used = spikes.spent(used);
                now = spikes.standIn(history, newest);
            }
            history[padding + t] = now;
        }
        return aside;
    }

    private static IntToDoubleFunction noise(long seed) {
        double[] values = new SplittableRandom(seed).doubles(2000).map(x -> 10 + x).toArray();
        return t -> values[t];
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void ordinaryReadingsAreNeverSetAside(long seed) {
        IntToDoubleFunction noise = noise(seed);
        double[] walk = new double[2000];
        for (int t = 1; t < walk.length; t++) {
            walk[t] = walk[t - 1] + noise.applyAsDouble(t) - 10.5;
        }
        for (FeatureSpec spec : List.of(PLAIN, SEASONAL)) {
            assertEquals(List.of(), setAside(spec, 2000, noise));
            assertEquals(List.of(), setAside(spec, 2000, t -> walk[t]));
            assertEquals(List.of(), setAside(spec, 2000, t -> 1e4 * Math.sin(t / 5.0) + noise.applyAsDouble(t)));
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 1e3", "40, -1e3", "500, 3e38"})
    void oneAbsurdReadingIsSetAside(int at, double size) {
        IntToDoubleFunction noise = noise(at);
        for (FeatureSpec spec : List.of(PLAIN, SEASONAL)) {
            assertEquals(List.of(at), setAside(spec, 800, t -> noise.applyAsDouble(t) + (t == at ? size : 0)));
        }
    }

    @Test
    void theFourthInARowIsBelieved() {
        IntToDoubleFunction noise = noise(1);
        assertEquals(List.of(300, 301, 302), setAside(PLAIN, 800, t -> noise.applyAsDouble(t) + (t < 300 ? 0 : 1e3)));
    }

    /// Else a series of long silence and rare bursts would be taken for silent.
    @Test
    void whatComesOftenIsBelieved() {
        IntToDoubleFunction noise = noise(2);
        List<Integer> aside = setAside(PLAIN, 2000, t -> noise.applyAsDouble(t) + (t > 100 && t % 15 == 0 ? 1e3 : 0));
        assertEquals(aside.stream().filter(t -> t < 250).toList(), aside);
        assertFalse(aside.isEmpty());
    }

    @Test
    void whatComesSeldomIsSetAsideEachTime() {
        IntToDoubleFunction noise = noise(3);
        assertEquals(List.of(200, 400, 600, 800),
                setAside(PLAIN, 1000, t -> noise.applyAsDouble(t) + (t > 0 && t % 200 == 0 ? 1e3 : 0)));
    }

    @Test
    void nothingIsAbsurdBeforeASpreadIsKnown() {
        assertEquals(List.of(), setAside(PLAIN, 100, t -> t == 50 ? 1e9 : 7));
        assertEquals(List.of(), setAside(PLAIN, 7, t -> t == 6 ? 1e9 : t % 2));
    }

    @Test
    void aLimitOfNoneLetsEverythingPass() {
        FeatureSpec open = new FeatureSpec(1000, 1, List.of(), 4, 4, 64, 10, 0, 0, List.of());
        IntToDoubleFunction noise = noise(4);
        assertEquals(List.of(), setAside(open, 300, t -> noise.applyAsDouble(t) + (t == 200 ? 1e9 : 0)));
    }

    @Test
    void theSeasonStandsInOrElseTheLastValue() {
        FeatureSpec plainSeason = new FeatureSpec(1000, 1, List.of(6), 4, 4, 18, 10);
        float[] history = {Float.NaN, 3, 4, 5, 6, 7, 8};
        assertEquals(3, new Spikes(plainSeason).standIn(history, 6));
        assertEquals(7, new Spikes(plainSeason).standIn(history, 5));
        assertEquals(8, new Spikes(PLAIN).standIn(history, 6));
    }

    @Test
    void aProfileStandsInWhereThereIsOne() {
        FeatureSpec profiled = new FeatureSpec(1000, 1, List.of(2), 4, 4, 18, 10, 6, 20, List.of());
        float[] history = {0, 9, 1, 9, 2, 9};
        assertEquals(1 + (5.5f - 5), new Spikes(profiled).standIn(history, 5), 1e-6f);
    }
}
