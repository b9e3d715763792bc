package io.gatecast.streams;

import java.util.Map;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/// What becomes of an exception while an observation is processed: one that was thrown because the observation is bad
/// takes it to Kafka Streams' own dead letter topic, with its headers, and the stream goes on; any other is a fault of
/// ours and stops the instance. (What cannot even be read goes there by Kafka's own
/// [LogAndContinueExceptionHandler][org.apache.kafka.streams.errors.LogAndContinueExceptionHandler].)
public final class DeadLetters implements ProcessingExceptionHandler {
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
        forBadInput.configure(configs);
        forFaults.configure(configs);
    }

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        return exception instanceof BadObservation
                ? forBadInput.handleError(context, record, exception)
                : forFaults.handleError(context, record, exception);
    }
}
