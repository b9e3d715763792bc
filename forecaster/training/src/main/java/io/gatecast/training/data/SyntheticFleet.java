package io.gatecast.training.data;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Made-up sensors, as many as are asked for: daily and weekly season, noise that remembers, gaps, and faults whose place
/// is known. Each sensor comes from its own seed, so a fleet of a million is a stream, not a heap; the same seed gives the
/// same bytes on every machine. Good for size and for faults; nothing is to be learned from it about accuracy.
///
/// @param sensors  how many
/// @param start    event time of the first step
/// @param interval length of a step
/// @param steps    of each sensor
/// @param seed     fixes everything
public record SyntheticFleet(int sensors, Instant start, Duration interval, int steps, long seed) {
    private static final double DAY_MILLIS = Duration.ofDays(1).toMillis();
    private static final double WEEK_MILLIS = Duration.ofDays(7).toMillis();
    private static final double NOISE_MEMORY = 0.8;
    private static final double GAP_EVERY = 1500; // steps, about
    private static final int LONGEST_GAP = 12;
    private static final double FAULT_EVERY = 1200;
    private static final int LONGEST_FAULT = 24;

    /// What is done to a sensor.
    public enum Fault {
        SPIKE, SHIFT, STUCK, NOISE
    }

    /// A fault and where it was put.
    ///
    /// @param from first step of it
    /// @param to   last step of it
    public record Label(Fault fault, Instant from, Instant to) {}

    /// A sensor's series, and what is wrong with it.
    public record Sensor(Series series, List<Label> labels) {}

    public SyntheticFleet {
        if (sensors < 1 || steps < 1 || !interval.isPositive()) {
            throw new IllegalArgumentException(
                    "synthetic fleet: expected at least one sensor, one step and an interval above 0, found " + sensors
                            + ", " + steps + ", " + interval);
        }
    }

    /// @return all sensors, each made when it is asked for
    public Stream<Sensor> stream() {
        return IntStream.range(0, sensors).mapToObj(this::sensor);
    }

    /// @param index from 0
    public Sensor sensor(int index) {
        SplittableRandom random = new SplittableRandom(seed ^ 0x9E3779B97F4A7C15L * (index + 1L));
        double[] values = undisturbed(random);
        List<Label> labels = new ArrayList<>();
        for (int step = next(FAULT_EVERY, random); step < steps; step += LONGEST_FAULT + next(FAULT_EVERY, random)) {
            labels.add(disturb(values, step, random));
        }
        return new Sensor(withGaps("synthetic-%06d".formatted(index), values, random), labels);
    }

    private double[] undisturbed(SplittableRandom random) {
        double level = 20 + 80 * random.nextDouble();
        double daily = level * (0.05 + 0.2 * random.nextDouble());
        double weekly = level * 0.1 * random.nextDouble();
        double phase = random.nextDouble();
        double roughness = level * (0.005 + 0.02 * random.nextDouble());
        double[] values = new double[steps];
        double noise = 0;
        for (int t = 0; t < steps; t++) {
            double millis = (double) start.toEpochMilli() + (double) t * interval.toMillis();
            noise = NOISE_MEMORY * noise + roughness * gaussian(random);
            values[t] = level + daily * wave(millis / DAY_MILLIS + phase)
                    + 0.3 * daily * wave(2 * millis / DAY_MILLIS + phase) + weekly * wave(millis / WEEK_MILLIS) + noise;
        }
        return values;
    }

    private static double wave(double turns) {
        return StrictMath.sin(2 * Math.PI * (turns - StrictMath.floor(turns)));
    }

    /// Twelve uniform numbers are normal enough, and the same on every machine.
    private static double gaussian(SplittableRandom random) {
        double sum = -6;
        for (int i = 0; i < 12; i++) {
            sum += random.nextDouble();
        }
        return sum;
    }

    /// @return steps until something that happens once in so many
    private static int next(double every, SplittableRandom random) {
        return 1 + (int) (-StrictMath.log(1 - random.nextDouble()) * every);
    }

    private Label disturb(double[] values, int from, SplittableRandom random) {
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        int length = fault == Fault.SPIKE ? 1 : 6 + random.nextInt(LONGEST_FAULT - 6);
        int to = Math.min(values.length, from + length);
        double size = 0.5 * Math.abs(values[from]) * (random.nextBoolean() ? 1 : -1);
        double stuck = values[from];
        for (int t = from; t < to; t++) {
            values[t] = switch (fault) {
                case SPIKE, SHIFT -> values[t] + size;
                case STUCK -> stuck;
                case NOISE -> values[t] + 0.5 * size * gaussian(random);
            };
        }
        return new Label(fault, time(from), time(to - 1));
    }

    private Instant time(int step) {
        return start.plus(interval.multipliedBy(step));
    }

    private Series withGaps(String id, double[] values, SplittableRandom random) {
        boolean[] silent = new boolean[steps];
        for (int step = next(GAP_EVERY, random); step < steps; step += next(GAP_EVERY, random)) {
            Arrays.fill(silent, step, Math.min(steps, step + 1 + random.nextInt(LONGEST_GAP)), true);
        }
        int[] heard = IntStream.range(0, steps).filter(t -> !silent[t]).toArray();
        long[] timestamps = IntStream.of(heard).mapToLong(t -> time(t).toEpochMilli()).toArray();
        return new Series(id, timestamps, new double[][]{IntStream.of(heard).mapToDouble(t -> values[t]).toArray()});
    }
}
