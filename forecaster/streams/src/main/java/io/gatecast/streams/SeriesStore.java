package io.gatecast.streams;

import io.gatecast.series.StoredSeries;
import java.util.Arrays;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/// States in a store. A series has two records there: its state, written with every observation, and the window behind it,
/// written now and then. They lie in one store, so in one partition of one changelog, and the window goes first: a restore or
/// a standby that has got to some state has the window that it needs.
public final class SeriesStore {
    /// After a series' id, the key of its window; [Admission] refuses ids in which it occurs.
    private static final String WINDOW = "\uFFFD";

    private final KeyValueStore<String, byte[]> records;

    public SeriesStore(KeyValueStore<String, byte[]> records) {
        this.records = records;
    }

    /// @return null where there is none
    public @Nullable StoredSeries get(String seriesId) {
        byte[] state = state(seriesId);
        return state == null ? null : new StoredSeries(state, window(seriesId));
    }

    boolean holds(String seriesId) {
        return state(seriesId) != null;
    }

    /// @return null where there is none
    byte @Nullable [] state(String seriesId) {
        return records.get(seriesId);
    }

    /// @return null where there is none, or it lies in the state
    byte @Nullable [] window(String seriesId) {
        return records.get(windowOf(seriesId));
    }

    /// @param stored whose window, if it has none, lies here
    void put(String seriesId, StoredSeries stored) {
        if (stored.window() != null) {
            records.put(windowOf(seriesId), stored.window());
        }
        records.put(seriesId, stored.state());
    }

    public void delete(String seriesId) {
        records.delete(seriesId);
        records.delete(windowOf(seriesId));
    }

    /// Reads a series while another thread may store it.
    ///
    /// @return null where there is none
    public static @Nullable StoredSeries read(ReadOnlyKeyValueStore<String, byte[]> records, String seriesId) {
        byte[] state = records.get(seriesId), window = null, before;
        do {
            before = state;
            window = records.get(windowOf(seriesId));
            state = records.get(seriesId);
        } while (!Arrays.equals(before, state));
        return state == null ? null : new StoredSeries(state, window);
    }

    /// @return the key of a series' window
    public static String windowOf(String seriesId) {
        return seriesId + WINDOW;
    }

    /// @return whether a key is that of a window
    public static boolean isWindow(String key) {
        return key.endsWith(WINDOW);
    }
}
