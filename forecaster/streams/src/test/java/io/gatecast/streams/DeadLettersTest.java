package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.schemas.RegistryException;
import io.gatecast.streams.DeadLetters.BadObservation;
import java.lang.reflect.Constructor;
import java.net.ConnectException;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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

    @Test
    void whatWasNotReadBecauseTheRegistryIsSilentIsNotSetAside() throws ReflectiveOperationException {
        var response = deadLetters.handleError(context(), RECORD, new KafkaException("wrapped", registry(true)));
        assertEquals(DeserializationExceptionHandler.Result.FAIL, response.result());
    }

    @Test
    void whatTheRegistryDoesNotKnowIsSetAside() throws ReflectiveOperationException {
        var response = deadLetters.handleError(context(), RECORD, new KafkaException("wrapped", registry(false)));
        assertEquals(DeserializationExceptionHandler.Result.RESUME, response.result());
    }

    @Test
    void onlyWhatIsWrongWithTheObservationIsHeldAgainstIt() {
        Record<String, String> record = new Record<>("a", "b", 0);
        var bad = deadLetters.handleError(context(), record, new BadObservation("two values"));
        assertEquals(ProcessingExceptionHandler.Result.RESUME, bad.result());
        assertEquals(1, bad.deadLetterQueueRecords().size());
        var fault = deadLetters.handleError(context(), record, new IllegalStateException("ours"));
        assertEquals(ProcessingExceptionHandler.Result.FAIL, fault.result());
    }

    /// As the registry's client throws it, which takes it half a minute.
    private static RegistryException registry(boolean unreachable) throws ReflectiveOperationException {
        Constructor<RegistryException> constructor = RegistryException.class.getDeclaredConstructor(String.class,
                boolean.class, Throwable.class);
        constructor.setAccessible(true);
        return constructor.newInstance("no answer", unreachable, new ConnectException());
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
