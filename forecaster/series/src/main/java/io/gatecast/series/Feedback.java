package io.gatecast.series;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// What people said of a series' alarms. A false alarm makes the next one harder: it raises the threshold by
/// [#FALSE_ALARM] digits of probability, at most to [#MOST]; a true alarm takes as much back. What is left wears off as an
/// alarm's own rise does, see [io.gatecast.series.judge.Episodes.Restraint]. A word counts from its own event time on, and
/// what follows from all of them is worked out anew at each observation, so that it depends on the words and the time alone,
/// not on when they came to be known.
public final class Feedback {
    /// Digits by which a false alarm raises the threshold, and a true one lowers what false ones raised: three times as
    /// improbable.
    public static final double FALSE_ALARM = 0.5;
    /// Digits that the threshold is raised by at most, so that no number of false alarms makes a series mute.
    public static final double MOST = 2;

    /// Nobody said anything.
    public static final Feedback NONE = new Feedback(List.of());

    private final long[] from;
    private final boolean[] wasFalse;

    /// What was said of one episode.
    ///
    /// @param from event time from which it counts, milliseconds since the epoch
    public record Word(String episodeId, long from, boolean falseAlarm) {}

    private Feedback(List<Word> words) {
        from = new long[words.size()];
        wasFalse = new boolean[words.size()];
        for (int i = 0; i < from.length; i++) {
            from[i] = words.get(i).from;
            wasFalse[i] = words.get(i).falseAlarm;
        }
    }

    /// @param words one an episode, in any order
    public static Feedback of(Collection<Word> words) {
        return words.isEmpty()
                ? NONE
                : new Feedback(words.stream()
                        .sorted(Comparator.comparingLong(Word::from).thenComparing(Word::episodeId)).toList());
    }

    /// @param timestamp      event time, milliseconds since the epoch
    /// @param intervalMillis length of a step
    /// @param relief         digits that wear off in a step
    /// @return digits by which the threshold is raised then, 0 to [#MOST]
    public double digits(long timestamp, long intervalMillis, double relief) {
        double digits = 0;
        for (int i = 0; i < from.length && from[i] <= timestamp; i++) {
            digits = Math.clamp(digits + (wasFalse[i] ? FALSE_ALARM : -FALSE_ALARM), 0, MOST);
            long until = i + 1 < from.length ? Math.min(from[i + 1], timestamp) : timestamp;
            digits = Math.max(0, digits - (double) (until - from[i]) / intervalMillis * relief);
        }
        return digits;
    }
}
