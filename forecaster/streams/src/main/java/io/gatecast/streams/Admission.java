package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatecast.avro.Observation;
import io.gatecast.series.Model;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What an observation must be before it meets its series, whatever the model: it has a series, a time that can be
/// believed, and readings that are numbers.
final class Admission {
    /// Bytes. A series id is written again with each forecast, anomaly and state; a longer one is no id.
    static final int LONGEST_KEY = 4096;

    /// Stands where a decoder of UTF-8 found bytes that are none.
    private static final char UNDECODABLE = '\uFFFD';

    private Admission() {}

    /// What is wrong with an observation.
    ///
    /// @param reason   for a program
    /// @param sentence for a person
    record Fault(Reason reason, String sentence) {}

    /// @return what is wrong with a key; null where nothing is
    static @Nullable Fault ofKey(@Nullable String key) {
        if (key == null) {
            return new Fault(Reason.NO_KEY, "key: expected the series' id, found none");
        }
        if (key.isEmpty()) {
            return new Fault(Reason.EMPTY_KEY, "key: expected the series' id, found an empty one");
        }
        if (key.length() > LONGEST_KEY || key.getBytes(UTF_8).length > LONGEST_KEY) {
            return new Fault(Reason.KEY_TOO_LONG, "key: expected at most " + LONGEST_KEY + " bytes, found "
                    + key.getBytes(UTF_8).length);
        }
        return key.indexOf(UNDECODABLE) < 0
                ? null
                : new Fault(Reason.KEY_NOT_UTF8, "key: expected UTF-8, found bytes that are none");
    }

    /// @param recordTime milliseconds since the epoch, as [EventTime] gave it: when the record was written, where the
    ///                   observation's own time is not to be believed
    /// @return what is wrong with an observation; null where nothing is
    static @Nullable Fault of(Observation value, long recordTime, EventTimeRules rules) {
        Instant time = value.getTimestamp();
        if (time.isBefore(Instant.EPOCH)) {
            return new Fault(Reason.BEFORE_1970, "timestamp: expected 1970 or later, found " + time);
        }
        if (rules.isTooFarAhead(time.toEpochMilli(), recordTime)) {
            return new Fault(Reason.TOO_FAR_AHEAD, "timestamp: expected at most "
                    + rules.futureMax().map(Spans::text).orElseThrow() + " after "
                    + Instant.ofEpochMilli(recordTime) + ", when it was written, found " + time);
        }
        for (int c = 0; c < value.getValues().size(); c++) {
            Double reading = value.getValues().get(c);
            if (reading != null && Double.isNaN(reading)) {
                return new Fault(Reason.NOT_FINITE, "channel " + c + ": expected a finite value or null, found NaN");
            }
        }
        return null;
    }

    /// @return for a program, why a series does not take an observation, which it says to a person
    static Reason reasonOf(io.gatecast.series.Observation observation, Model model) {
        int taken = model.features().known().covariates().size();
        if (observation.values().length != model.features().channels()
                || taken > 0 && observation.covariates().length != taken) {
            return Reason.WRONG_CHANNELS;
        }
        boolean finite = true;
        for (double value : observation.values()) {
            finite &= !(Math.abs(value) > Float.MAX_VALUE);
        }
        return finite ? Reason.NOT_TAKEN : Reason.NOT_FINITE;
    }
}
