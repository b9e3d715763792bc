package io.gatecast.streams;

import io.gatecast.avro.Change;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.State;
import io.gatecast.schemas.TrustedClasses;
import java.time.Instant;
import java.util.Locale;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Events in the life of models, as they travel. What comes in is held against what can be known of it.
public final class ModelEvents {
    static {
        TrustedClasses.trust(); // a builder makes its defaults of our classes
    }

    private ModelEvents() {}

    /// A change as somebody wants it; number and moment are given to it when it is written.
    ///
    /// @param by  who makes it
    /// @param why in a sentence
    public static ModelEvent.Builder draft(Change change, String modelId, Instant effectiveFrom, String by,
            String why) {
        return ModelEvent.newBuilder().setSequence(0).setChange(change).setModelId(modelId)
                .setEffectiveFrom(effectiveFrom).setAt(Instant.EPOCH).setBy(by).setWhy(why);
    }

    /// @param share of the series, for a canary; 0 otherwise
    public static ModelEvent state(String modelId, int version, State state, double share, Instant effectiveFrom,
            String by, String why) {
        return draft(Change.STATE, modelId, effectiveFrom, by, why).setVersion(version).setState(state).setShare(share)
                .build();
    }

    /// @return the record's key, which orders events as their numbers do
    public static String keyOf(long sequence) {
        return String.format(Locale.ROOT, "%016d", sequence);
    }

    /// Reads a record of the topic of events.
    ///
    /// @throws ModelRefused with one sentence
    static ModelEvent read(@Nullable String key, byte @Nullable [] value, Headers headers,
            Deserializer<ModelEvent> deserializer, Place place) {
        if (key == null || value == null) {
            throw new ModelRefused(place.toString(), "expected a key, the event's number, and an event, found no "
                    + (key == null ? "key" : "event"));
        }
        ModelEvent event = deserialize(value, headers, deserializer, place);
        try {
            check(event);
        } catch (IllegalArgumentException e) {
            throw new ModelRefused(place.toString(), String.valueOf(e.getMessage()), e);
        }
        if (!key.equals(keyOf(event.getSequence()))) {
            throw new ModelRefused(place.toString(), "key: expected " + keyOf(event.getSequence())
                    + ", as the event says, found " + key);
        }
        return event;
    }

    private static ModelEvent deserialize(byte[] value, Headers headers, Deserializer<ModelEvent> deserializer,
            Place place) {
        try {
            return deserializer.deserialize(place.topic(), headers, value);
        } catch (RuntimeException e) { // damaged bytes make Avro throw what it likes
            if (DeadLetters.isRegistryAway(e)) {
                throw e; // nothing is known about the record
            }
            throw new ModelRefused(place.toString(), "it cannot be read: " + e.getMessage(), e);
        }
    }

    /// @throws IllegalArgumentException with one sentence, if it says nothing that can be followed
    static void check(ModelEvent event) {
        ModelRecords.requireId(event.getModelId());
        switch (event.getChange()) {
            case STATE -> checkState(event);
            case ROUTE, UNROUTE -> require(event.getPattern() != null && !event.getPattern().isEmpty(), "pattern",
                    "series ids, in which * stands for anything", "none");
            case RETRAIN, UNKNOWN -> {
            }
        }
    }

    private static void checkState(ModelEvent event) {
        require(event.getState() != null, "state", "one for a version", "none");
        require(event.getVersion() != null && event.getVersion() > 0, "version", "at least 1",
                String.valueOf(event.getVersion()));
        boolean canary = event.getState() == State.CANARY;
        require(canary ? event.getShare() > 0 && event.getShare() <= 1 : event.getShare() == 0, "share",
                canary ? "more than 0 and at most 1" : "0 for " + event.getState(), String.valueOf(event.getShare()));
    }

    private static void require(boolean holds, String what, String expected, String found) {
        if (!holds) {
            throw new IllegalArgumentException(what + ": expected " + expected + ", found " + found);
        }
    }
}
