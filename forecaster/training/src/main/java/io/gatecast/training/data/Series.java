package io.gatecast.training.data;

import io.gatecast.series.Observation;
import java.util.Arrays;

/// A series as it was recorded, in the order of its source.
///
/// @param id         its name, the key of its records
/// @param timestamps `[step]`, event time, milliseconds since the epoch
/// @param values     `[channel][step]`, in the series' own units; NaN = missing
public record Series(String id, long[] timestamps, double[][] values) {

    public Series {
        for (double[] channel : values) {
            if (channel.length != timestamps.length) {
                throw new IllegalArgumentException("series " + id + ": expected " + timestamps.length
                        + " values in each channel, one a timestamp, found " + channel.length);
            }
        }
    }

    /// @return observations in it
    public int length() {
        return timestamps.length;
    }

    public int channels() {
        return values.length;
    }

    /// @return the observations from `from` to before `to`, of a series in the order of time
    public Series between(long from, long to) {
        int begin = place(from), end = Math.max(begin, place(to));
        return new Series(id, Arrays.copyOfRange(timestamps, begin, end),
                Arrays.stream(values).map(channel -> Arrays.copyOfRange(channel, begin, end)).toArray(double[][]::new));
    }

    /// @return the first observation at or after a moment
    private int place(long moment) {
        int place = Arrays.binarySearch(timestamps, moment);
        while (place > 0 && timestamps[place - 1] == moment) {
            place--;
        }
        return place < 0 ? -place - 1 : place;
    }

    /// @param index from 0
    public Observation observation(int index) {
        double[] row = new double[values.length];
        for (int c = 0; c < row.length; c++) {
            row[c] = values[c][index];
        }
        return new Observation(timestamps[index], row);
    }
}
