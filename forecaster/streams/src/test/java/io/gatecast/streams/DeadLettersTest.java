package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.gatecast.schemas.RegistryException;
import io.gatecast.streams.DeadLetters.BadObservation;
import java.lang.reflect.Constructor;
import java.net.ConnectException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeadLettersTest {
    private static final ConsumerRecord<byte[], byte[]> RECORD = new ConsumerRecord<>("observations", 3, 12,
            new byte[0],
            new byte[]{1});

    private final DeadLetters deadLetters = new DeadLetters();

    @BeforeEach
    void configure() {
        deadLetters.configure(Map.of("errors.dead.letter.queue.topic.name", "observations.dead-letters"));
    }

    @Test
    void whatCannotBeReadIsSetAsideAndTheStreamGoesOn() {
        var response = deadLetters.handleError(context(), RECORD, new SerializationException("damaged"));
        assertEquals(DeserializationExceptionHandler.Result.RESUME, response.result());
        assertEquals(1, response.deadLetterQueueRecords().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNREACHABLE", "REFUSED"})
    void whatWasNotReadBecauseOfTheRegistryIsNotSetAside(String kind) throws ReflectiveOperationException {
        var response = deadLetters.handleError(context(), RECORD, new KafkaException("wrapped", registry(kind)));
        assertEquals(DeserializationExceptionHandler.Result.FAIL, response.result());
    }

    @Test
    void onlyWhatIsWrongWithTheObservationIsHeldAgainstIt() {
        var fault = deadLetters.handleError(context(), new Record<>("a", "b", 0), new IllegalStateException("ours"));
        assertEquals(ProcessingExceptionHandler.Result.FAIL, fault.result());
        assertEquals(Map.of("topic", "observations", "partition", "3", "offset", "12", "message", "two values",
                "gatecast.reason", "wrong-channels"), headers(letter()));
    }

    /// It would be refused, and nothing could go on.
    @Test
    void aLetterThatItsTopicWouldRefuseGoesWithoutItsBytes() {
        deadLetters.configure(Map.of("errors.dead.letter.queue.topic.name", "observations.dead-letters",
                DeadLetters.LARGEST, "1000"));
        var letter = letter();
        assertNull(letter.value());
        assertEquals(Map.of("topic", "observations", "partition", "3", "offset", "12", "message", "two values",
                "gatecast.reason", "wrong-channels", "gatecast.omitted", "1"), headers(letter));
    }

    private ProducerRecord<byte[], byte[]> letter() {
        var bad = deadLetters.handleError(context(), new Record<>("a", "b", 0),
                new BadObservation(Reason.WRONG_CHANNELS, "two values"));
        assertEquals(ProcessingExceptionHandler.Result.RESUME, bad.result());
        assertEquals(1, bad.deadLetterQueueRecords().size());
        return bad.deadLetterQueueRecords().getFirst();
    }

    /// Without those that name our classes.
    private static Map<String, String> headers(ProducerRecord<byte[], byte[]> letter) {
        Map<String, String> headers = new HashMap<>();
        letter.headers().forEach(header -> headers.put(header.key().replace("__streams.errors.", ""),
                new String(header.value(), UTF_8)));
        headers.keySet().removeAll(Set.of("exception", "stacktrace"));
        return headers;
    }

    /// As the registry's client throws it, which takes it half a minute.
    private static RegistryException registry(String kind) throws ReflectiveOperationException {
        Constructor<?> constructor = RegistryException.class.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        Object[] kinds = constructor.getParameterTypes()[1].getEnumConstants();
        Object wanted = Arrays.stream(kinds).filter(each -> each.toString().equals(kind)).findFirst().orElseThrow();
        return (RegistryException) constructor.newInstance("no answer", wanted, new ConnectException());
    }

    private static ErrorHandlerContext context() {
        return new ErrorHandlerContext() {
            private final TopicPartition from = new TopicPartition("observations", 3);

            @Override
            public String topic() {
                return from.topic();
            }

            @Override
            public int partition() {
                return from.partition();
            }

            @Override
            public long offset() {
                return RECORD.offset();
            }

            @Override
            public RecordHeaders headers() {
                return new RecordHeaders();
            }

            @Override
            public String processorNodeId() {
                return "observations";
            }

            @Override
            public TaskId taskId() {
                return new TaskId(0, 3);
            }

            @Override
            public long timestamp() {
                return 0;
            }

            @Override
            public byte[] sourceRawKey() {
                return RECORD.key();
            }

            @Override
            public byte[] sourceRawValue() {
                return RECORD.value();
            }
        };
    }
}
