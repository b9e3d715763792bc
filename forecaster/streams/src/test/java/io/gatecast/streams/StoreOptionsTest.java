package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompactionStyle;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

final class StoreOptionsTest {
    private static final int STORES = 8;

    @TempDir
    private Path folder;

    @Test
    void manyStoresTogetherStayWithinOneBound() throws RocksDBException {
        long bound = StreamsSettings.of(Map.of("bootstrap.servers", "127.0.0.1:9092", "schema.registry.url",
                "mock://memory", StreamsSettings.STORE_MEMORY, Long.toString(20L << 20))).storeMemory();
        byte[] value = new byte[4000];
        Random random = new Random(1);
        List<RocksDB> stores = new ArrayList<>();
        try {
            for (int store = 0; store < STORES; store++) {
                stores.add(open("store-" + store, bound));
            }
            long most = 0;
            for (int key = 0; key < 4000; key++) { // 128 MB
                for (RocksDB store : stores) {
                    random.nextBytes(value);
                    store.put(Integer.toString(key).getBytes(UTF_8), value);
                }
                most = Math.max(most, StoreOptions.used(bound));
            }
            assertTrue(most > bound / 4, "nothing is counted: " + most);
            assertTrue(most < 2 * bound, most + " bytes are in use, where " + bound + " are allowed");
        } finally {
            stores.forEach(RocksDB::close);
        }
    }

    /// States are written again and again, and what was is not to fill the disk.
    @Test
    void whatIsWrittenAgainDoesNotPileUp() throws RocksDBException {
        int keys = 2000, times = 60;
        byte[] value = new byte[4000];
        Random random = new Random(1);
        try (RocksDB store = open("again", 16L << 20)) {
            for (int i = 0; i < times * keys; i++) {
                random.nextBytes(value);
                store.put(Integer.toString(random.nextInt(keys)).getBytes(UTF_8), value);
            }
            long bytes = store.getLongProperty("rocksdb.total-sst-files-size")
                    + store.getLongProperty("rocksdb.total-blob-file-size");
            long living = (long) keys * value.length;
            assertTrue(bytes < 4 * living, bytes + " bytes lie on disk, of " + living + " that count");
        }
    }

    private RocksDB open(String name, long bound) throws RocksDBException {
        Options options = new Options().setCreateIfMissing(true).setCompactionStyle(CompactionStyle.UNIVERSAL)
                .setTableFormatConfig(new BlockBasedTableConfig());
        new StoreOptions().setConfig(name, options, Map.of(StreamsSettings.STORE_MEMORY, Long.toString(bound)));
        return RocksDB.open(options, folder.resolve(name).toString());
    }
}
