package io.gatecast.streams;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/// One bound for what RocksDB keeps in memory, outside the heap, for all stores of an instance: blocks that were read,
/// indexes, filters, and what is not yet written. Left to itself each store takes up to a hundred megabytes, and there are
/// two or three of them for each partition. All is written through LZ4: a state has room for seasons that a young series has not
/// seen. And values of some size lie in files apart from their keys, so that a compaction does not move them.
///
/// Kafka Streams makes one of these for each store, by its name in `rocksdb.config.setter`.
public final class StoreOptions implements RocksDBConfigSetter {
    /// Of the bound, for what is not yet written.
    private static final double UNWRITTEN = 0.5;
    /// Indexes and filters are looked into with every key, so blocks may not drive them out of this share.
    private static final double INDEXES = 0.25;
    private static final boolean STRICT = false; // a strict bound fails reads where it is reached
    private static final int SHARDS_BY_SIZE = -1;
    private static final long LARGEST_BUFFER = 16L << 20;
    private static final int BUFFERS_IN_BOUND = 8;
    private static final long LEAST_APART = 256;
    /// A compaction writes values anew that lie in this share of the files, the oldest, so that the rest of these can go. With RocksDB's
    /// own 0.25, dead values grew to 3.5 times the living and on; with 0.5 they stay about as many.
    private static final double OLDER = 0.5;
    private static final long LARGEST_FILE_APART = 64L << 20;

    private static final Map<Long, Shared> SHARED = new ConcurrentHashMap<>();

    /// What the stores share. It lives as long as the process, since stores come and go with their tasks.
    private record Shared(Cache blocks, WriteBufferManager unwritten) {
        static Shared of(long bytes) {
            Cache blocks = new LRUCache(bytes, SHARDS_BY_SIZE, STRICT, INDEXES);
            return new Shared(blocks, new WriteBufferManager((long) (UNWRITTEN * bytes), blocks));
        }
    }

    @Override
    public void setConfig(String store, Options options, Map<String, Object> configs) {
        long bytes = Long.parseLong(String.valueOf(configs.get(StreamsSettings.STORE_MEMORY)));
        Shared shared = SHARED.computeIfAbsent(bytes, Shared::of);
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(shared.blocks).setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true).setPinTopLevelIndexAndFilter(true);
        options.setCompressionType(CompressionType.LZ4_COMPRESSION).setTableFormatConfig(table)
                .setWriteBufferManager(shared.unwritten)
                .setWriteBufferSize(Math.min(LARGEST_BUFFER, bytes / BUFFERS_IN_BOUND));
        options.setEnableBlobFiles(true).setMinBlobSize(LEAST_APART).setBlobFileSize(LARGEST_FILE_APART)
                .setBlobCompressionType(CompressionType.LZ4_COMPRESSION).setEnableBlobGarbageCollection(true)
                .setBlobGarbageCollectionAgeCutoff(OLDER);
    }

    /// What is shared is nobody's to close.
    @Override
    public void close(String store, Options options) {}

    /// @return bytes that all stores with this bound hold now
    static long used(long bytes) {
        Shared shared = SHARED.get(bytes);
        return shared == null ? 0 : shared.blocks.getUsage();
    }
}
