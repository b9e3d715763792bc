package io.gatecast.series.judge;

import io.gatecast.series.AnomalyEvent;
import io.gatecast.series.AnomalyEvent.Kind;
import io.gatecast.series.AnomalyEvent.Phase;
import io.gatecast.series.AnomalyEvent.Severity;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Joins improbable observations into episodes, so that an outage of an hour is one thing to look at and not 720.
///
///     state   an observation with                             leads to   and yields
///     quiet   score < threshold                               quiet
///     quiet   score >= threshold                              open       OPENED
///     open    score >= calm, severity as before               open
///     open    score >= calm, severity higher than any yet     open       UPDATED
///     open    score < calm, fewer than calmSteps in a row     open
///     open    score < calm, the calmSteps-th in a row         quiet      CLOSED
///     either  score NaN (missing)                             the same
///     quiet   nothing for too long                            silent     OPENED
///     open    nothing for too long                            open       UPDATED, if that is graver
///     silent  anything                                        quiet      CLOSED
///
/// Two thresholds and a count of calm steps keep a score that hovers from opening an episode at every step. The threshold
/// is `open` in a series that gave no alarm of late; every alarm raises it for a while, so that a series that alarms often
/// has to show more to alarm again ([Restraint]), as has one whose alarms people called false, and for some steps after an alarm only what is far worse opens another.
/// Severity follows the highest score and the number of improbable steps, so it only rises. An episode is named by its series
/// and the event time that opened it: the same input gives the same names.
///
/// Memory: int64 opening timestamp; float64 peak score; int32 improbable steps (0 = quiet), calm steps in a row (-1 = silent),
/// severity told last (its ordinal); float64 digits that the threshold is raised by; int32 steps until it has cooled down.
public final class Episodes implements Judge {
    private static final int OPENED_AT = 0;
    private static final int PEAK = 8;
    private static final int STEPS = 16;
    private static final int CALM = 20;
    private static final int TOLD = 24;
    /// Of the memory, from its beginning: what is told of an episode, the same in every version.
    public static final int TOLD_BYTES = 28;

    private static final int RAISED = TOLD_BYTES;
    private static final int COOLING = 36;
    private static final int BYTES = 40;
    private static final int SILENT = -1;

    /// When an episode begins, ends and how grave it is.
    ///
    /// @param open          least score that opens one
    /// @param calm          score below which a step is calm; at most `open`
    /// @param calmSteps     calm steps in a row that close it
    /// @param major         peak score from which it is major
    /// @param critical      peak score from which it is critical
    /// @param majorSteps    improbable steps from which it is major, whatever the peak
    /// @param criticalSteps improbable steps from which it is critical, whatever the peak
    /// @param restraint     what an alarm makes harder
    public record Rules(double open, double calm, int calmSteps, double major, double critical, int majorSteps,
            int criticalSteps, Restraint restraint) {
        private static final int LEAST_COOL_DOWN = 12;
        private static final int MOST_COOL_DOWN = 100;

        /// Opens at one observation in six hundred while the budget allows, closes after three of which each is one in
        /// fifty or commoner, and cools down for half a season, 12 steps at least and 100 at most.
        ///
        /// @param season steps; 1 where there is none
        public static Rules of(int season) {
            return new Rules(0.41, 0.3, 3, 0.6, 0.7, 12, 48,
                    new Restraint(0.15, Math.clamp(season / 2, LEAST_COOL_DOWN, MOST_COOL_DOWN), 3.5));
        }

        public Rules {
            require(open > 0 && open < 1, "open: expected a score between 0 and 1, found " + open);
            require(calm > 0 && calm <= open,
                    "calm: expected a score above 0 and at most open " + open + ", found " + calm);
            require(calmSteps > 0, "calmSteps: expected at least 1, found " + calmSteps);
            require(major >= open && critical >= major,
                    "major, critical: expected scores rising from open " + open + ", found " + major + ", " + critical);
            require(majorSteps > 0 && criticalSteps >= majorSteps,
                    "majorSteps, criticalSteps: expected rising counts of at least 1, found " + majorSteps + ", "
                            + criticalSteps);
        }

        Severity severity(double peak, int steps) {
            if (peak >= critical || steps >= criticalSteps) {
                return Severity.CRITICAL;
            }
            return peak >= major || steps >= majorSteps ? Severity.MAJOR : Severity.MINOR;
        }
    }

    /// What an alarm makes harder, in digits of probability. In the long run a series alarms no oftener than its budget
    /// allows, whatever it does: each alarm raises the threshold by what quiet steps take back.
    ///
    /// @param rise       by which an alarm raises the threshold
    /// @param coolDown   steps after an alarm in which only an escalation opens another
    /// @param escalation by which the last peak has to be exceeded for that
    public record Restraint(double rise, int coolDown, double escalation) {
        /// Nothing is made harder.
        public static final Restraint NONE = new Restraint(0, 0, 0);

        public Restraint {
            require(rise >= 0, "rise: expected at least 0, found " + rise);
            require(coolDown >= 0, "coolDown: expected at least 0 steps, found " + coolDown);
            require(escalation >= 0, "escalation: expected at least 0, found " + escalation);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private final Rules rules;
    private final Restraint restraint;

    public Episodes(Rules rules) {
        this.rules = rules;
        this.restraint = rules.restraint;
    }

    @Override
    public int bytes() {
        return BYTES;
    }

    /// @param budget alarms a step that the series may give in the long run
    /// @return digits by which a step lowers a threshold that was raised
    public double relief(double budget) {
        return restraint.rise * budget;
    }

    /// @return whether an episode is open
    public boolean open(ByteBuffer memory, int base) {
        return memory.getInt(base + STEPS) > 0;
    }

    /// @return event time at which the last episode opened, milliseconds since the epoch
    public long openedAt(ByteBuffer memory, int base) {
        return memory.getLong(base + OPENED_AT);
    }

    /// @return whether one is open because the series says nothing
    public boolean silent(ByteBuffer memory, int base) {
        return open(memory, base) && memory.getInt(base + CALM) == SILENT;
    }

    /// Takes note of an observation.
    ///
    /// @param score  of the observation, 0 to 1; NaN = missing
    /// @param budget   alarms a step that the series may give in the long run; 0 = none at all
    /// @param stricter digits by which people's feedback raises the threshold, at least 0
    /// @return the turn it gives an episode, with `channel` and what follows copied into it; null where there is none
    public @Nullable AnomalyEvent judge(ByteBuffer memory, int base, String seriesId, long timestamp, double score,
            double budget, double stricter, int channel, double observed, double expected, double lower, double upper) {
        Phase phase = turn(memory, base, timestamp, score, budget, stricter);
        if (phase == null) {
            return null;
        }
        String episodeId = seriesId + '@' + memory.getLong(base + OPENED_AT);
        return new AnomalyEvent(episodeId, phase, timestamp, Kind.IMPROBABLE, channel, observed, expected, lower, upper,
                score, told(memory, base));
    }

    /// Takes note that the series has said nothing for too long.
    ///
    /// @param timestamp event time from which that is so
    /// @return the turn it gives an episode; null where one is open that is as grave, or that says so already
    public @Nullable AnomalyEvent fallSilent(ByteBuffer memory, int base, String seriesId, long timestamp,
            double expected, double lower, double upper) {
        if (silent(memory, base)) {
            return null;
        }
        Phase phase;
        if (open(memory, base)) {
            phase = goOn(memory, base, rules.major);
        } else {
            phase = begin(memory, base, timestamp, rules.major);
            memory.putInt(base + CALM, SILENT);
        }
        return phase == null
                ? null
                : silence(memory, base, seriesId, phase, timestamp, Double.NaN, expected, lower, upper);
    }

    /// Takes note that something came.
    ///
    /// @return the end of an episode of silence; null where there was none
    public @Nullable AnomalyEvent speakAgain(ByteBuffer memory, int base, String seriesId, long timestamp,
            double observed, double expected, double lower, double upper) {
        if (!silent(memory, base)) {
            return null;
        }
        memory.putInt(base + STEPS, 0);
        return silence(memory, base, seriesId, Phase.CLOSED, timestamp, observed, expected, lower, upper);
    }

    private AnomalyEvent silence(ByteBuffer memory, int base, String seriesId, Phase phase, long timestamp,
            double observed, double expected, double lower, double upper) {
        String episodeId = seriesId + '@' + memory.getLong(base + OPENED_AT);
        return new AnomalyEvent(episodeId, phase, timestamp, Kind.SILENCE, 0, observed, expected, lower, upper,
                rules.major, told(memory, base));
    }

    private @Nullable Phase turn(ByteBuffer memory, int base, long timestamp, double score,
            double budget, double stricter) {
        if (Double.isNaN(score)) {
            return null;
        }
        boolean alarming = budget > 0 && alarms(memory, base, score, stricter);
        memory.putDouble(base + RAISED,
                Math.max(0, memory.getDouble(base + RAISED) - relief(budget)));
        memory.putInt(base + COOLING, Math.max(0, memory.getInt(base + COOLING) - 1));
        if (open(memory, base)) {
            return score < rules.calm ? calm(memory, base) : goOn(memory, base, score);
        }
        if (!alarming) {
            return null;
        }
        memory.putDouble(base + RAISED, memory.getDouble(base + RAISED) + restraint.rise);
        memory.putInt(base + COOLING, restraint.coolDown);
        return begin(memory, base, timestamp, score);
    }

    private boolean alarms(ByteBuffer memory, int base, double score, double stricter) {
        double digits = AnomalyScore.digits(score) - stricter;
        return memory.getInt(base + COOLING) == 0
                ? score >= rules.open && digits >= AnomalyScore.digits(rules.open) + memory.getDouble(base + RAISED)
                : digits > AnomalyScore.digits(memory.getDouble(base + PEAK)) + restraint.escalation;
    }

    private Phase begin(ByteBuffer memory, int base, long timestamp, double score) {
        memory.putLong(base + OPENED_AT, timestamp);
        memory.putDouble(base + PEAK, score);
        memory.putInt(base + STEPS, 1);
        memory.putInt(base + CALM, 0);
        memory.putInt(base + TOLD, rules.severity(score, 1).ordinal());
        return Phase.OPENED;
    }

    private @Nullable Phase goOn(ByteBuffer memory, int base, double score) {
        double peak = Math.max(score, memory.getDouble(base + PEAK));
        int steps = Math.min(memory.getInt(base + STEPS), Integer.MAX_VALUE - 1) + 1;
        memory.putDouble(base + PEAK, peak);
        memory.putInt(base + STEPS, steps);
        memory.putInt(base + CALM, 0);
        Severity severity = rules.severity(peak, steps);
        if (severity.compareTo(told(memory, base)) <= 0) {
            return null;
        }
        memory.putInt(base + TOLD, severity.ordinal());
        return Phase.UPDATED;
    }

    private @Nullable Phase calm(ByteBuffer memory, int base) {
        int calm = memory.getInt(base + CALM) + 1;
        memory.putInt(base + CALM, calm);
        if (calm < rules.calmSteps) {
            return null;
        }
        memory.putInt(base + STEPS, 0);
        return Phase.CLOSED;
    }

    private static Severity told(ByteBuffer memory, int base) {
        return switch (memory.getInt(base + TOLD)) {
            case 0 -> Severity.MINOR;
            case 1 -> Severity.MAJOR;
            default -> Severity.CRITICAL;
        };
    }
}
