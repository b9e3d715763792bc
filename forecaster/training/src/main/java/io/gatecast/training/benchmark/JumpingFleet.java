package io.gatecast.training.benchmark;

import io.gatecast.training.data.Series;
import io.gatecast.training.data.SyntheticFleet;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Sensors of a [SyntheticFleet] whose level and scale jump midway, each to its own: who has learned how they were must
/// find out again how sure it may be.
final class JumpingFleet {
    private static final double LEAST = 0.4;
    private static final double MOST = 2.5;

    private JumpingFleet() {}

    static List<Series> of(SyntheticFleet fleet) {
        SplittableRandom random = new SplittableRandom(fleet.seed());
        return fleet.stream().map(sensor -> jumped(sensor.series(), random)).toList();
    }

    private static Series jumped(Series series, SplittableRandom random) {
        double[] values = series.values()[0].clone();
        double mean = Arrays.stream(values).average().orElseThrow();
        double scale = Math.exp(random.nextDouble(Math.log(LEAST), Math.log(MOST)));
        double level = mean * random.nextDouble(LEAST, MOST);
        for (int t = values.length / 2; t < values.length; t++) {
            values[t] = level + scale * (values[t] - mean);
        }
        return new Series(series.id(), series.timestamps(), new double[][]{values});
    }
}
