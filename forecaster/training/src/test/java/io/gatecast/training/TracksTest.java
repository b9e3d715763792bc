package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.series.FeatureSpec;
import io.gatecast.training.data.Series;
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
        List<float[][]> runs = TRACKS.of(series(new long[]{0, 10, 17, 5, 20}, 1, 2, 99, 98, 3));
        assertEquals(1, runs.size());
        assertArrayEquals(new float[]{1, 2, 3}, runs.getFirst()[0]);
    }

    @Test
    void aShortGapIsMissingAndALongOneBeginsAnew() {
        List<float[][]> runs = TRACKS.of(series(new long[]{0, 30, 80, 90}, 1, 2, 3, 4));
        assertEquals(2, runs.size());
        assertArrayEquals(new float[]{1, NAN, NAN, 2}, runs.get(0)[0]);
        assertArrayEquals(new float[]{3, 4}, runs.get(1)[0]);
    }

    @Test
    void aRunBeginsWithAValue() {
        List<float[][]> runs = TRACKS.of(series(new long[]{0, 10, 20}, NAN, NAN, 5));
        assertArrayEquals(new float[]{5}, runs.getFirst()[0]);
        assertEquals(0, TRACKS.of(series(new long[]{0}, NAN)).size());
    }
}
