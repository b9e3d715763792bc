package io.gatecast.training.data;

import io.gatecast.series.Observation;
import io.gatecast.series.arrival.Resampling;
import io.gatecast.series.arrival.Sequencer;
import io.gatecast.series.arrival.Waiting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// A series as it was recorded, in the order of its source.
///
/// @param id         its name, the key of its records
/// @param timestamps `[step]`, event time, milliseconds since the epoch
/// @param values     `[channel][step]`, in the series' own units; NaN = missing
/// @param covariates `[covariate][step]`, what was known besides, in its own units; NaN = unknown
public record Series(String id, long[] timestamps, double[][] values, double[][] covariates) {
    private static final double[][] NONE = {};

    public Series {
        requireOneAStep(id, timestamps, "channel", values);
        requireOneAStep(id, timestamps, "covariate", covariates);
    }

    /// Without covariates.
    public Series(String id, long[] timestamps, double[][] values) {
        this(id, timestamps, values, NONE);
    }

    private static void requireOneAStep(String id, long[] timestamps, String what, double[][] numbers) {
        for (double[] each : numbers) {
            if (each.length != timestamps.length) {
                throw new IllegalArgumentException("series " + id + ": expected " + timestamps.length
                        + " values in each " + what + ", one a timestamp, found " + each.length);
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
        return new Series(id, Arrays.copyOfRange(timestamps, begin, end), between(values, begin, end),
                between(covariates, begin, end));
    }

    private static double[][] between(double[][] numbers, int begin, int end) {
        return Arrays.stream(numbers).map(each -> Arrays.copyOfRange(each, begin, end)).toArray(double[][]::new);
    }

    /// The same with one observation a step at most.
    ///
    /// @param intervalMillis length of a step
    public Series resampled(Resampling resampling, long intervalMillis) {
        if (resampling == Resampling.FIRST) {
            return this; // as every reader of a series takes it
        }
        List<Observation> steps = new ArrayList<>();
        Sequencer sequencer = new Sequencer(resampling, 0);
        Waiting waiting = Waiting.of(null);
        for (int i = 0; i < length(); i++) {
            sequencer.take(waiting, observation(i), intervalMillis, steps::add);
        }
        sequencer.releaseAll(waiting, intervalMillis, steps::add);
        return new Series(id, steps.stream().mapToLong(Observation::timestamp).toArray(),
                columns(steps, channels(), Observation::values),
                columns(steps, covariates.length, Observation::covariates));
    }

    private static double[][] columns(List<Observation> steps, int count, Function<Observation, double[]> row) {
        double[][] columns = new double[count][steps.size()];
        for (int i = 0; i < steps.size(); i++) {
            for (int c = 0; c < count; c++) {
                columns[c][i] = row.apply(steps.get(i))[c];
            }
        }
        return columns;
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
        return new Observation(timestamps[index], row(values, index), row(covariates, index));
    }

    private static double[] row(double[][] numbers, int index) {
        double[] row = new double[numbers.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = numbers[i][index];
        }
        return row;
    }
}
