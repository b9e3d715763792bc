package io.gatecast.streams;

import io.gatecast.series.Feedback;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.series.StoredSeries;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/// The series that one forecaster of one task had to do with last, as objects beside their bytes in Kafka Streams' cache: one that comes
/// again soon need not be decoded again. An object is what the store holds if, and only if, the store still gives the very
/// array that it was stored as; so whatever else writes there, restores it or rolls it back is noticed. Where the store's cache has let
/// go of a series, its object is of no use either, and there is as much room for the ones as for the others.
///
/// For one thread.
public final class OpenSeries implements AutoCloseable {
    private final SeriesForecaster forecaster;
    private final Room room;
    /// The one that was longest unused first.
    private final LinkedHashMap<String, Open> series = new LinkedHashMap<>(16, 0.75f, true);

    /// What all of an instance may hold together.
    public static final class Room {
        private final AtomicLong free;

        /// @param bytes 0 = each forecaster keeps its last series alone
        Room(long bytes) {
            this.free = new AtomicLong(bytes);
        }

        /// As much as Kafka Streams may cache.
        public static Room asCached(StreamsSettings settings) {
            Map<String, Object> kafka = StreamsConfig.configDef().parse(settings.kafka());
            return new Room(
                    (Long) Objects.requireNonNull(kafka.get(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG)));
        }
    }

    private static final class Open {
        private final SeriesState state;
        /// As what it was stored; null while it has moved on since.
        private byte @Nullable [] stored;

        Open(SeriesState state) {
            this.state = state;
        }
    }

    public OpenSeries(SeriesForecaster forecaster, Room room) {
        this.forecaster = forecaster;
        this.room = room;
    }

    /// @param feedback what people said of the series' alarms
    /// @return the state of a series, for [SeriesForecaster#observe]; a fresh one where the store has none
    /// @throws IllegalArgumentException if what is stored is no state
    public SeriesState open(SeriesStore store, String seriesId, Feedback feedback) {
        byte[] stored = store.state(seriesId);
        Open open = series.get(seriesId);
        if (open == null || open.stored == null || open.stored != stored) {
            return read(seriesId, stored == null ? null : new StoredSeries(stored, store.window(seriesId)), feedback);
        }
        open.stored = null;
        open.state.hear(feedback);
        return open.state;
    }

    private SeriesState read(String seriesId, @Nullable StoredSeries stored, Feedback feedback) {
        Open memory = memoryFor(seriesId);
        series.put(seriesId, memory);
        forecaster.openIn(memory.state, seriesId, stored, feedback);
        return memory.state;
    }

    /// That of the series itself, or of the one that was longest unused where there is no more room.
    private Open memoryFor(String seriesId) {
        Open known = series.remove(seriesId);
        if (known == null && room.free.get() <= 0 && !series.isEmpty()) {
            known = series.pollFirstEntry().getValue();
        }
        if (known != null) {
            known.stored = null;
            return known;
        }
        Open fresh = new Open(forecaster.memory());
        room.free.addAndGet(-fresh.state.size());
        return fresh;
    }

    /// Stores a series that was opened here.
    public void put(SeriesStore store, String seriesId, SeriesState state) {
        StoredSeries stored = state.toStore();
        store.put(seriesId, stored);
        Open open = series.get(seriesId);
        if (open != null && open.state == state) {
            open.stored = stored.state();
        }
    }

    @Override
    public void close() {
        series.values().forEach(open -> room.free.addAndGet(open.state.size()));
        series.clear();
    }
}
