package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.series.FeatureSpec;
import io.gatecast.series.input.Calendar;
import io.gatecast.series.input.Covariate;
import io.gatecast.series.input.KnownFeatures;
import io.gatecast.series.input.KnownInputs;
import io.gatecast.training.data.Series;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TracksTest {
    private static final float NAN = Float.NaN;
    private static final Tracks TRACKS = new Tracks(new FeatureSpec(10, 1, List.of(3), 2, 2, 4, 2));

    private static Series series(long[] timestamps, double... values) {
        return new Series("s", timestamps, new double[][]{values});
    }

    @Test
    void theFirstOfABucketCountsAndWhatIsLateDoesNot() {
        List<Tracks.Run> runs = TRACKS.of(series(new long[]{0, 10, 17, 5, 20}, 1, 2, 99, 98, 3));
        assertEquals(1, runs.size());
        assertArrayEquals(new float[]{1, 2, 3}, runs.getFirst().values()[0]);
    }

    @Test
    void aShortGapIsMissingAndALongOneBeginsAnew() {
        List<Tracks.Run> runs = TRACKS.of(series(new long[]{0, 30, 80, 90}, 1, 2, 3, 4));
        assertEquals(2, runs.size());
        assertArrayEquals(new float[]{1, NAN, NAN, 2}, runs.get(0).values()[0]);
        assertArrayEquals(new float[]{3, 4}, runs.get(1).values()[0]);
    }

    @Test
    void aRunBeginsWithAValue() {
        List<Tracks.Run> runs = TRACKS.of(series(new long[]{0, 10, 20}, NAN, NAN, 5));
        assertArrayEquals(new float[]{5}, runs.getFirst().values()[0]);
        assertEquals(0, TRACKS.of(series(new long[]{0}, NAN)).size());
    }

    /// A filled-in step has its time, and nothing is known of its covariates.
    @Test
    void whatIsKnownGoesWithItsStep() {
        FeatureSpec spec = new FeatureSpec(3_600_000, 1, List.of(3), 2, 2, 4, 2).withKnown(new KnownInputs(
                Calendar.of(ZoneOffset.UTC, "us", 3_600_000, 2), List.of(new Covariate("heat", 1, 2))));
        Series series = new Series("s", new long[]{7_200_000, 14_400_000}, new double[][]{{1, 2}},
                new double[][]{{5, Double.NaN}});
        Tracks.Run run = new Tracks(spec).of(series).getFirst();
        assertEquals(7_200_000, run.start());
        assertArrayEquals(new float[]{5, NAN, NAN}, run.covariates());
        Track track = new Track(spec, run, 0, 1);
        KnownFeatures known = new KnownFeatures(spec.known());
        float[] x = new float[spec.inputs()], expected = new float[known.columns()];
        for (int t = 0; t < 3; t++) {
            track.inputs(t, x, 0);
            known.write(7_200_000 + t * 3_600_000L, new float[]{t == 0 ? 5 : NAN}, 0, expected, 0);
            assertArrayEquals(expected, Arrays.copyOfRange(x, x.length - expected.length, x.length));
            assertEquals(7_200_000 + t * 3_600_000L, track.observation(t).timestamp());
        }
        assertArrayEquals(new double[]{5}, track.observation(0).covariates());
        var e = assertThrows(IllegalArgumentException.class,
                () -> new Tracks(spec).of(new Series("s", new long[]{1}, new double[][]{{1}})));
        assertEquals("series s: expected covariates heat, found 0", e.getMessage());
    }
}
