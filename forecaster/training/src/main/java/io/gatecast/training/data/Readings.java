package io.gatecast.training.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Observations of one series as they come, in arrays of numbers that grow by half: 8 bytes an observation and 8 for each
/// of its values, half as much again while they grow.
final class Readings {
    private static final int LEAST = 16;

    private int count;
    private long[] timestamps = new long[LEAST];
    /// `[channel, then covariate][at least count]`
    private final double[][] values;
    private final int channels;

    Readings(int channels, int covariates) {
        this.channels = channels;
        this.values = new double[channels + covariates][LEAST];
    }

    /// @param columns channels and covariates
    /// @return memory that one observation takes
    static long bytes(int columns) {
        return (1L + columns) * Long.BYTES;
    }

    int channels() {
        return channels;
    }

    int columns() {
        return values.length;
    }

    /// @param observed a value a channel, NaN = missing
    /// @param known    a covariate each
    void add(long timestamp, double[] observed, double[] known) {
        if (count == timestamps.length) {
            grow(count + count / 2);
        }
        timestamps[count] = timestamp;
        for (int c = 0; c < values.length; c++) {
            values[c][count] = c < channels ? observed[c] : known[c - channels];
        }
        count++;
    }

    /// @param other of as many channels, whose observations come after
    void addAll(Readings other) {
        if (timestamps.length < count + other.count) {
            grow(count + other.count);
        }
        System.arraycopy(other.timestamps, 0, timestamps, count, other.count);
        for (int c = 0; c < values.length; c++) {
            System.arraycopy(other.values[c], 0, values[c], count, other.count);
        }
        count += other.count;
    }

    private void grow(int length) {
        timestamps = Arrays.copyOf(timestamps, length);
        for (int c = 0; c < values.length; c++) {
            values[c] = Arrays.copyOf(values[c], length);
        }
    }

    int count() {
        return count;
    }

    /// @return in the order of time; of the same time, as they came
    Series series(String id) {
        int[] order = isInOrder() ? null : order();
        double[][] columns = new double[values.length][];
        for (int c = 0; c < columns.length; c++) {
            columns[c] = order == null
                    ? Arrays.copyOf(values[c], count)
                    : inOrder(values[c], order);
        }
        return new Series(id, order == null
                ? Arrays.copyOf(timestamps, count)
                : Arrays.stream(order).mapToLong(i -> timestamps[i]).toArray(), Arrays.copyOf(columns, channels),
                Arrays.copyOfRange(columns, channels, columns.length));
    }

    private boolean isInOrder() {
        return IntStream.range(1, count).allMatch(i -> timestamps[i - 1] <= timestamps[i]);
    }

    /// Boxes, but of one series at a time, and only where something came late.
    private int[] order() {
        return IntStream.range(0, count).boxed().sorted(Comparator.comparingLong(i -> timestamps[i]))
                .mapToInt(Integer::intValue).toArray();
    }

    private static double[] inOrder(double[] values, int[] order) {
        return Arrays.stream(order).mapToDouble(i -> values[i]).toArray();
    }
}
