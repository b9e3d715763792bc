package io.gatecast.streams;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/// Name, serde, caching and changelog of each store.
///
///     series   series id -> state, and the window behind it by a key of its own, see [SeriesStore]; RocksDB, cached, with a
///              compacted changelog
///     waiting  series id -> observations whose step may still get another; empty where none has to wait
///     silences when a series that says nothing is to be looked at, see [Silences]; only where silence is an anomaly
///     models   modelId/version -> what became of the record; in memory, so that every start reads the topic through
///              [ModelShelf], which checks and keeps, from its beginning
///     model-events  sequence -> what became of the event; in memory likewise
///     labels   episode id -> the verdict; in memory likewise, through [LabelShelf]
///     fleet    modelId/version/horizon -> sums of evaluations, see [FleetErrors]; only where they are asked for
///     shadows  likewise, of a model that runs beside the one that judges
final class Stores {
    static final String SERIES = "series";
    static final String MODELS = "models";
    static final String MODEL_EVENTS = "model-events";
    static final String LABELS = "labels";
    static final String FLEET = "fleet";
    static final String SHADOWS = "shadows";
    static final String WAITING = "waiting";
    static final String SILENCES = "silences";
    /// Bytes of the largest state that the changelog takes.
    static final int LARGEST_STATE = 8 << 20;

    /// A state carries its observation's time, and no time is too far ahead: a broker by itself refuses what lies more than
    /// an hour ahead of its clock, and one sensor whose clock is wrong would stop all the others.
    ///
    /// What lies in the newest segment is not compacted, so its size bounds what a restore reads in vain.
    private static final Map<String, String> CHANGELOG = Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(LARGEST_STATE), TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
            Long.toString(Long.MAX_VALUE), TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(64 << 20));

    private Stores() {}

    static StoreBuilder<KeyValueStore<String, byte[]>> series() {
        return persistent(SERIES, Serdes.ByteArray());
    }

    static StoreBuilder<KeyValueStore<String, byte[]>> shadows() {
        return persistent(SHADOWS, Serdes.ByteArray());
    }

    static StoreBuilder<KeyValueStore<String, byte[]>> fleet() {
        return persistent(FLEET, Serdes.ByteArray());
    }

    static StoreBuilder<KeyValueStore<String, byte[]>> waiting() {
        return persistent(WAITING, Serdes.ByteArray());
    }

    static StoreBuilder<KeyValueStore<String, Long>> silences() {
        return persistent(SILENCES, Serdes.Long());
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> persistent(String name, Serde<V> values) {
        return org.apache.kafka.streams.state.Stores
                .keyValueStoreBuilder(org.apache.kafka.streams.state.Stores.persistentKeyValueStore(name),
                        Serdes.String(), values)
                .withCachingEnabled()
                .withLoggingEnabled(CHANGELOG);
    }

    static StoreBuilder<KeyValueStore<String, String>> models() {
        return notes(MODELS);
    }

    static StoreBuilder<KeyValueStore<String, String>> modelEvents() {
        return notes(MODEL_EVENTS);
    }

    static StoreBuilder<KeyValueStore<String, String>> labels() {
        return notes(LABELS);
    }

    private static StoreBuilder<KeyValueStore<String, String>> notes(String name) {
        return org.apache.kafka.streams.state.Stores
                .keyValueStoreBuilder(org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore(name),
                        Serdes.String(), Serdes.String())
                .withLoggingDisabled();
    }
}
