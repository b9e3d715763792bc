package io.gatecast.streams;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Why an observation was set aside. Its [#text] is what the dead letter's header [DeadLetters#REASON] and the metric's
/// tag `reason` say.
public enum Reason {
    /// The value is not in Confluent's wire format, or is damaged.
    UNREADABLE,
    /// The value names a schema that the registry does not have, or one that is not Avro.
    UNKNOWN_SCHEMA,
    /// The value was written with a schema that is no observation's.
    WRONG_SCHEMA,
    /// There is no key, so no series.
    NO_KEY,
    /// The key has no letters.
    EMPTY_KEY,
    /// The key is not UTF-8: what was read of it is not what was sent.
    KEY_NOT_UTF8,
    /// The key is longer than [Admission#LONGEST_KEY] bytes.
    KEY_TOO_LONG,
    /// A reading is NaN, infinite, or beyond what a float holds.
    NOT_FINITE,
    /// There are more or fewer readings than the model has channels, or covariates than it takes.
    WRONG_CHANNELS,
    /// The event time lies before 1970, where Kafka has no time.
    BEFORE_1970,
    /// The event time lies farther ahead of the time it was written at than [EventTimeRules#futureMax].
    TOO_FAR_AHEAD,
    /// The series does not take it, as the message says.
    NOT_TAKEN;

    /// @return the constant in small letters, with hyphens
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// @return the reason with that text
    public static Optional<Reason> of(String text) {
        return Arrays.stream(values()).filter(reason -> reason.text().equals(text)).findFirst();
    }
}
