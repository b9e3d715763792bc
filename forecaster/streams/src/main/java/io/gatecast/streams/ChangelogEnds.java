package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Tells Kafka Streams where a changelog ends, which is how far it restores a store, so that nothing that was committed lies
/// behind it.
///
/// A broker that was cut off takes itself for a partition's leader until it has heard otherwise, and tells whoever asks in the
/// meantime of an end from before. A fetch is refused then, for it says which leader it means (KIP-320); this request does
/// not. A store restored so far lacks the newest values of its series, observations that wait among them, and nobody would
/// notice. A write is no write until all replicas in sync have it, so one comes first, which changes nothing: a tombstone
/// for a key that no store has. All that was committed before lies before it.
///
/// All else that an admin client does is Kafka's own, which has no class to build upon: its `ForwardingAdmin` does not pass on
/// the metrics that a cluster asks Kafka Streams for.
public final class ChangelogEnds {
    /// [Admission] refuses series' ids in which it occurs, and what else is kept has other keys.
    private static final byte[] NOBODY = "\uFFFD".getBytes(UTF_8);
    /// Written twice it does no harm, so the cluster need not number the writes: a producer that waits for its number waits without
    /// end. Where the time was not enough, Kafka Streams asks again.
    private static final Map<String, Object> WRITE = Map.of(ProducerConfig.ACKS_CONFIG, "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "false", ProducerConfig.LINGER_MS_CONFIG, "0",
            ProducerConfig.MAX_BLOCK_MS_CONFIG, "15000", ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000",
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "15000");
    private static final long LONGEST_MILLIS = 20_000;

    private final Admin admin;
    private final Producer<byte[], byte[]> producer;

    private ChangelogEnds(Admin admin, Producer<byte[], byte[]> producer) {
        this.admin = admin;
        this.producer = producer;
    }

    /// @param admin    properties of an admin client
    /// @param producer properties of a producer
    /// @return an admin client whose `listOffsets` with options throws [TimeoutException] where a partition cannot be written for now,
    ///         for Kafka Streams to try again; without options nothing is written: so it asks when it compares how far several
    ///         members have come, and about where it ends is enough
    public static Admin admin(Map<String, Object> admin, Map<String, Object> producer) {
        Map<String, Object> properties = new HashMap<>(producer);
        properties.putAll(WRITE);
        ChangelogEnds ends = new ChangelogEnds(Admin.create(admin),
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()));
        return (Admin) Proxy.newProxyInstance(ChangelogEnds.class.getClassLoader(), new Class<?>[]{Admin.class},
                (proxy, method, arguments) -> ends.answer(method, arguments));
    }

    private @Nullable Object answer(Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("listOffsets") && arguments != null && arguments.length == 2) {
            @SuppressWarnings("unchecked")
            Map<TopicPartition, OffsetSpec> wanted = (Map<TopicPartition, OffsetSpec>) arguments[0];
            return endsBehindAWrite(wanted, (ListOffsetsOptions) arguments[1]);
        }
        if (method.getName().equals("close")) {
            producer.close(Duration.ZERO); // nobody waits any more for what is not written yet
        }
        try {
            return method.invoke(admin, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private ListOffsetsResult endsBehindAWrite(Map<TopicPartition, OffsetSpec> wanted, ListOffsetsOptions options) {
        Map<TopicPartition, Future<RecordMetadata>> writes = new HashMap<>();
        wanted.forEach((partition, spec) -> {
            if (spec instanceof OffsetSpec.LatestSpec) {
                Future<RecordMetadata> write = producer
                        .send(new ProducerRecord<>(partition.topic(), partition.partition(), NOBODY, null));
                if (write.isDone()) {
                    await(partition, write); // where the topic's leaders are not known, each send would wait for them
                }
                writes.put(partition, write);
            }
        });
        Map<TopicPartition, Long> written = new HashMap<>();
        writes.forEach((partition, write) -> written.put(partition, await(partition, write) + 1));
        ListOffsetsResult told = admin.listOffsets(wanted, options);
        Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> ends = new HashMap<>();
        for (TopicPartition partition : wanted.keySet()) {
            long least = written.getOrDefault(partition, 0L);
            ends.put(partition, told.partitionResult(partition).thenApply(end -> end.offset() >= least
                    ? end
                    : new ListOffsetsResultInfo(least, end.timestamp(), end.leaderEpoch())));
        }
        return new ListOffsetsResult(ends);
    }

    private static long await(TopicPartition partition, Future<RecordMetadata> write) {
        try {
            return write.get(LONGEST_MILLIS, TimeUnit.MILLISECONDS).offset();
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException(partition + " is not written within " + LONGEST_MILLIS + " ms", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String sentence = partition + " cannot be written, which would tell where it ends: " + cause.getMessage();
            throw cause instanceof RetriableException
                    ? new TimeoutException(sentence, cause)
                    : new KafkaException(sentence, cause);
        }
    }
}
