package io.gatecast.training;

import io.gatecast.training.data.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Seasonal series with noise, for tests.
final class Waves {
    static final long INTERVAL = 60_000;
    static final int SEASON = 12;

    private Waves() {}

    static Series series(String id, int channels, int length, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] timestamps = new long[length];
        double[][] values = new double[channels][length];
        double level = 50 * random.nextDouble();
        for (int t = 0; t < length; t++) {
            timestamps[t] = t * INTERVAL;
            level += 0.05 * random.nextGaussian();
            for (int c = 0; c < channels; c++) {
                values[c][t] = level + (c + 1) * 4 * Math.sin(2 * Math.PI * (t + 3 * c) / SEASON)
                        + 0.5 * random.nextGaussian();
            }
        }
        return new Series(id, timestamps, values);
    }

    static List<Series> several(int count, int channels, int length) {
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            series.add(series("s" + i, channels, length, i));
        }
        return series;
    }
}
