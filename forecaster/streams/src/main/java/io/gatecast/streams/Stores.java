package io.gatecast.streams;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/// Name, serde, caching and changelog of each store.
///
///     series   series id -> state as `SeriesState.bytes()` gave it; RocksDB, cached, with a compacted changelog
///     models   modelId/version -> what became of the record; in memory, so that every start reads the topic through
///              [ModelShelf], which checks and compiles, from its beginning
final class Stores {
    static final String SERIES = "series";
    static final String MODELS = "models";
    /// Bytes of the largest state that the changelog takes.
    static final int LARGEST_STATE = 8 << 20;

    private Stores() {}

    static StoreBuilder<KeyValueStore<String, byte[]>> series() {
        return org.apache.kafka.streams.state.Stores
                .keyValueStoreBuilder(org.apache.kafka.streams.state.Stores.persistentKeyValueStore(SERIES),
                        Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingEnabled(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(LARGEST_STATE)));
    }

    static StoreBuilder<KeyValueStore<String, String>> models() {
        return org.apache.kafka.streams.state.Stores
                .keyValueStoreBuilder(org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore(MODELS),
                        Serdes.String(), Serdes.String())
                .withLoggingDisabled();
    }
}
