package io.gatecast.streams.query;

import io.gatecast.series.Model;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.series.SeriesView;
import io.gatecast.series.StoredSeries;
import io.gatecast.streams.SeriesStore;
import io.gatecast.streams.StreamsRunner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/// Asks a running instance. A key is looked for in the very partition that it belongs to, so that one which has just moved
/// away is "not now" and never "nowhere". What is read may be a commit ahead of what readers of the topics see. Safe for
/// threads.
public final class SeriesQuery implements Holdings {
    /// Ids looked at for one page of a search.
    private static final int MOST_LOOKED_AT = 20_000;
    private static final Comparator<String> BY_BYTES = (a, b) -> Arrays.compareUnsigned(
            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    private static final String NO_ADDRESS = "unavailable";

    private final StreamsRunner runner;
    private final String self;

    /// @param self `host:port` under which the other instances know this one
    public SeriesQuery(StreamsRunner runner, String self) {
        this.runner = runner;
        this.self = self;
    }

    @Override
    public Found find(String seriesId, int most, boolean stale) {
        try {
            KeyQueryMetadata holder = kafka().queryMetadataForKey(StreamsRunner.SERIES_STORE, seriesId,
                    new StringSerializer());
            if (holder.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
                return new Found.NotNow("the instances are sharing out their work; ask again in a moment");
            }
            boolean active = isSelf(holder.activeHost());
            boolean standby = stale && holder.standbyHosts().stream().anyMatch(this::isSelf);
            return active || standby
                    ? here(seriesId, most, store(holder.partition(), !active))
                    : elsewhere(holder.activeHost());
        } catch (InvalidStateStoreException | IllegalStateException e) {
            return new Found.NotNow(why());
        }
    }

    private static Found elsewhere(HostInfo host) {
        return host.host().equals(NO_ADDRESS)
                ? new Found.NotNow("the instance that holds the series does not say where it can be asked: set its"
                        + " application.server or gatecast.http.port")
                : new Found.Elsewhere(address(host));
    }

    /// Through the model that counts at the newest step, which is the one that forecast there.
    private Found here(String seriesId, int most, ReadOnlyKeyValueStore<String, byte[]> states) {
        StoredSeries stored = SeriesStore.read(states, seriesId);
        Model newest = runner.judgeOf(seriesId, Long.MAX_VALUE);
        if (stored == null) {
            return new Found.Nowhere();
        }
        if (newest == null) {
            return new Found.NotNow("this instance holds no usable version of its model");
        }
        SeriesForecaster forecaster = new SeriesForecaster(newest);
        SeriesState state = forecaster.open(seriesId, stored);
        Model counting = state.isFresh() ? newest : runner.judgeOf(seriesId, state.lastTime());
        if (counting != null && counting != newest) {
            forecaster = new SeriesForecaster(counting);
            state = forecaster.open(seriesId, stored);
        }
        SeriesView view = forecaster.view(state, most);
        return view == null ? new Found.Nowhere() : new Found.Here(view);
    }

    @Override
    public Ids list(@Nullable String after, String part, int most) {
        List<KeyValueIterator<String, byte[]>> open = new ArrayList<>();
        try {
            PriorityQueue<KeyValueIterator<String, byte[]>> queue = new PriorityQueue<>(
                    Comparator.comparing(KeyValueIterator::peekNextKey, BY_BYTES));
            for (int partition : partitionsHeld()) {
                KeyValueIterator<String, byte[]> iterator = store(partition, false)
                        .range(after == null ? null : after + '\0', null);
                open.add(iterator);
                if (hasSeries(iterator)) {
                    queue.add(iterator);
                }
            }
            return take(queue, part.toLowerCase(Locale.ROOT), most);
        } catch (InvalidStateStoreException e) {
            throw new NotReadyException(why(), e);
        } finally {
            open.forEach(KeyValueIterator::close);
        }
    }

    private static Ids take(PriorityQueue<KeyValueIterator<String, byte[]>> queue, String part, int most) {
        List<String> ids = new ArrayList<>();
        String last = null;
        for (int looked = 0; !queue.isEmpty() && ids.size() < most && looked < MOST_LOOKED_AT; looked++) {
            KeyValueIterator<String, byte[]> first = queue.remove();
            last = first.next().key;
            if (last.toLowerCase(Locale.ROOT).contains(part)) {
                ids.add(last);
            }
            if (hasSeries(first)) {
                queue.add(first);
            }
        }
        return new Ids(ids, queue.isEmpty() ? null : last);
    }

    /// Passes over windows.
    private static boolean hasSeries(KeyValueIterator<String, byte[]> iterator) {
        while (iterator.hasNext() && SeriesStore.isWindow(iterator.peekNextKey())) {
            iterator.next();
        }
        return iterator.hasNext();
    }

    private Set<Integer> partitionsHeld() {
        Set<Integer> partitions = new TreeSet<>();
        for (ThreadMetadata thread : kafka().metadataForLocalThreads()) {
            thread.activeTasks().forEach(task -> partitions.add(task.taskId().partition()));
        }
        return partitions;
    }

    @Override
    public List<Peer> peers() {
        try {
            return kafka().metadataForAllStreamsClients().stream().map(this::peer)
                    .sorted(Comparator.comparing(Peer::address)).toList();
        } catch (StreamsNotStartedException | IllegalStateException e) {
            return List.of(new Peer(self, true, List.of(), List.of()));
        }
    }

    private Peer peer(StreamsMetadata metadata) {
        return new Peer(address(metadata.hostInfo()), isSelf(metadata.hostInfo()),
                partitions(metadata.topicPartitions()), partitions(metadata.standbyTopicPartitions()));
    }

    private static List<Integer> partitions(Collection<TopicPartition> of) {
        return of.stream().map(TopicPartition::partition).distinct().sorted().toList();
    }

    @Override
    public String state() {
        return kafka().state().name();
    }

    @Override
    public boolean isReady() {
        return kafka().state() == KafkaStreams.State.RUNNING;
    }

    private ReadOnlyKeyValueStore<String, byte[]> store(int partition, boolean stale) {
        StoreQueryParameters<ReadOnlyKeyValueStore<String, byte[]>> wanted = StoreQueryParameters
                .<ReadOnlyKeyValueStore<String, byte[]>>fromNameAndType(StreamsRunner.SERIES_STORE,
                        QueryableStoreTypes.keyValueStore())
                .withPartition(partition);
        return kafka().store(stale ? wanted.enableStaleStores() : wanted);
    }

    private KafkaStreams kafka() {
        return runner.kafka();
    }

    private String why() {
        return "this instance is " + state().toLowerCase(Locale.ROOT) + "; ask again in a moment";
    }

    private boolean isSelf(HostInfo host) {
        return address(host).equals(self);
    }

    private static String address(HostInfo host) {
        return host.host() + ":" + host.port();
    }
}
