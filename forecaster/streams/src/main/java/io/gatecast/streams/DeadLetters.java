package io.gatecast.streams;

import io.gatecast.schemas.RegistryException;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.errors.LogAndFailExceptionHandler;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// What becomes of an observation that cannot be read or judged: it goes, byte for byte, to Kafka Streams' own dead letter
/// topic, with Kafka's headers and the reason, and the stream goes on. Kafka's own handlers do it; here it is decided
/// whose fault it was. Where nothing can be held against the observation, because the schema registry does not answer or
/// the fault is ours, the instance stops instead.
public final class DeadLetters implements DeserializationExceptionHandler, ProcessingExceptionHandler {
    private final DeserializationExceptionHandler forUnreadable = new LogAndContinueExceptionHandler();
    private final DeserializationExceptionHandler forUnknown = new LogAndFailExceptionHandler();
    private final ProcessingExceptionHandler forBadInput = new LogAndContinueProcessingExceptionHandler();
    private final ProcessingExceptionHandler forFaults = new LogAndFailProcessingExceptionHandler();

    /// Thrown for an observation that can be read but not judged. It has no stack trace: the input is at fault.
    static final class BadObservation extends RuntimeException {
        /// @param reason a sentence for a person
        BadObservation(String reason) {
            super(reason, null, false, false);
        }
    }

    @Override
    public void configure(Map<String, ?> configs) {
        forUnreadable.configure(configs);
        forUnknown.configure(configs);
        forBadInput.configure(configs);
        forFaults.configure(configs);
    }

    @Override
    public DeserializationExceptionHandler.Response handleError(ErrorHandlerContext context,
            ConsumerRecord<byte[], byte[]> record, Exception exception) {
        var handler = isRegistryAway(exception) ? forUnknown : forUnreadable;
        return handler.handleError(context, record, exception);
    }

    @Override
    public ProcessingExceptionHandler.Response handleError(ErrorHandlerContext context, Record<?, ?> record,
            Exception exception) {
        var handler = exception instanceof BadObservation ? forBadInput : forFaults;
        return handler.handleError(context, record, exception);
    }

    static boolean isRegistryAway(@Nullable Throwable failure) {
        return failure != null
                && (failure instanceof RegistryException registry && registry.isUnreachable()
                        || isRegistryAway(failure.getCause()));
    }
}
