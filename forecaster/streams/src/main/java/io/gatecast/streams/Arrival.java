package io.gatecast.streams;

import io.gatecast.avro.Observation;
import io.gatecast.schemas.BadValue;
import org.apache.kafka.common.serialization.Deserializer;

/// The value of a record that came in: an observation, or what is wrong with the bytes. Made by the source, so that what
/// cannot be read takes the same way as what cannot be judged: to [ForecastProcessor], which counts it, and from there to
/// the dead letters. A tombstone is null. Where the registry does not answer, nothing is made at all.
sealed interface Arrival {

    /// @param observation as it was sent
    record Read(Observation observation) implements Arrival {}

    /// @param reason for a program
    /// @param fault  for a person
    record Unreadable(Reason reason, String fault) implements Arrival {}

    /// @param observations throws [BadValue] for what is none
    static Deserializer<Arrival> deserializer(Deserializer<Observation> observations) {
        return (topic, bytes) -> {
            try {
                Observation observation = observations.deserialize(topic, bytes);
                return observation == null ? null : new Read(observation);
            } catch (BadValue e) {
                return new Unreadable(reasonOf(e.fault()), String.valueOf(e.getMessage()));
            }
        };
    }

    private static Reason reasonOf(BadValue.Fault fault) {
        return switch (fault) {
            case UNREADABLE -> Reason.UNREADABLE;
            case UNKNOWN_SCHEMA -> Reason.UNKNOWN_SCHEMA;
            case WRONG_SCHEMA -> Reason.WRONG_SCHEMA;
        };
    }
}
