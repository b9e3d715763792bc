package io.gatecast.series.arrival;

import io.gatecast.series.Observation;
import java.util.List;
import java.util.function.Consumer;

/// Puts the observations of a series in the order of event time and makes one of those of a step. A step of length s that
/// begins at b is closed, and released, when the series has come to
///
///     newest event time >= b + s + grace
///
/// so an observation may come up to `grace` behind the newest of its series, whatever the order, and the result is the
/// same. What comes for a step that is closed is late. Time is the series' own: a sensor that was offline is not late
/// because others were not. The price is delay: the newest step waits for the first observation behind it and its grace.
///
/// @param resampling  how those of a step become one
/// @param graceMillis how far an observation may come behind the newest one of its series
public record Sequencer(Resampling resampling, long graceMillis) {
    public Sequencer {
        if (graceMillis < 0) {
            throw new IllegalArgumentException("grace: expected at least 0 ms, found " + graceMillis);
        }
    }

    /// What became of an observation.
    public enum Taken {
        /// It waits, or was released.
        TAKEN,
        /// Its series has one of that very time.
        DUPLICATE,
        /// Its step is closed.
        LATE,
        /// As many of its series wait as may: [#MOST_WAITING].
        CROWDED
    }

    /// Observations of a series that may wait. They are kept in one record, so there must be an end.
    public static final int MOST_WAITING = 4096;

    /// @return whether anything has to wait: without grace and with the first of a step all are taken as they come
    public boolean waits() {
        return graceMillis > 0 || resampling != Resampling.FIRST;
    }

    /// Takes an observation in and releases the steps that it closes, in their order.
    ///
    /// @param waiting        of its series, in place
    /// @param intervalMillis length of a step
    /// @param released       hears one observation for each step that is closed and has any
    public Taken take(Waiting waiting, Observation observation, long intervalMillis, Consumer<Observation> released) {
        long step = stepOf(observation.timestamp(), intervalMillis);
        if (step < waiting.open) {
            return Taken.LATE;
        }
        int at = placeOf(observation.timestamp(), waiting.observations);
        if (at < 0) {
            return Taken.DUPLICATE;
        }
        if (waiting.size() == MOST_WAITING) {
            return Taken.CROWDED;
        }
        waiting.observations.add(at, observation);
        waiting.newest = Math.max(waiting.newest, observation.timestamp());
        waiting.open = Math.max(waiting.open, stepOf(waiting.newest - graceMillis, intervalMillis));
        release(waiting, intervalMillis, released);
        return Taken.TAKEN;
    }

    /// Releases what still waits, at the end of a record of a series.
    public void releaseAll(Waiting waiting, long intervalMillis, Consumer<Observation> released) {
        waiting.open = Long.MAX_VALUE;
        release(waiting, intervalMillis, released);
    }

    private void release(Waiting waiting, long intervalMillis, Consumer<Observation> released) {
        List<Observation> all = waiting.observations;
        int from = 0;
        while (from < all.size() && stepOf(all.get(from).timestamp(), intervalMillis) < waiting.open) {
            long step = stepOf(all.get(from).timestamp(), intervalMillis);
            int to = from + 1;
            while (to < all.size() && all.get(to).timestamp() < step + intervalMillis) {
                to++;
            }
            released.accept(resampling.merge(step, all.subList(from, to)));
            from = to;
        }
        all.subList(0, from).clear();
    }

    /// @return where an observation of that time belongs; below 0 where there is one
    private static int placeOf(long timestamp, List<Observation> rising) {
        int at = rising.size();
        while (at > 0 && rising.get(at - 1).timestamp() > timestamp) {
            at--;
        }
        return at > 0 && rising.get(at - 1).timestamp() == timestamp ? -1 : at;
    }

    private static long stepOf(long timestamp, long intervalMillis) {
        return Math.floorDiv(timestamp, intervalMillis) * intervalMillis;
    }
}
