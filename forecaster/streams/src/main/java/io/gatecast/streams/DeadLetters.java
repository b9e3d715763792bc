package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatecast.schemas.RegistryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
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
/// the fault is ours, the instance stops instead. Beside Kafka's own headers
///
///     __streams.errors.topic, .partition, .offset    where the observation lies
///     __streams.errors.message, .exception, ...      what was wrong with it, for a person
///     gatecast.reason                                the same for a program, see [Reason]
///     gatecast.omitted                               bytes that did not fit here, where key and value are left out
///
/// A dead letter that its own topic would refuse would stop the stream: one that is too large goes without its bytes, which
/// still lie where the headers say.
public final class DeadLetters implements DeserializationExceptionHandler, ProcessingExceptionHandler {
    public static final String REASON = "gatecast.reason";
    public static final String OMITTED = "gatecast.omitted";
    /// Configuration: bytes of the largest record that the topic takes, uncompressed.
    static final String LARGEST = "gatecast.dead-letters.largest";
    /// Around key, value and headers: the batch's and the record's own fields.
    private static final int ENVELOPE = 512;
    private static final String KAFKAS_HEADERS = "__streams.errors.";

    private final DeserializationExceptionHandler forUnreadable = new LogAndContinueExceptionHandler();
    private final DeserializationExceptionHandler forUnknown = new LogAndFailExceptionHandler();
    private final ProcessingExceptionHandler forBadInput = new LogAndContinueProcessingExceptionHandler();
    private final ProcessingExceptionHandler forFaults = new LogAndFailProcessingExceptionHandler();
    private long largest = Long.MAX_VALUE;

    /// Thrown for an observation that can be read but not judged. It has no stack trace: the input is at fault.
    static final class BadObservation extends RuntimeException {
        private final Reason reason;

        /// @param sentence for a person
        BadObservation(Reason reason, String sentence) {
            super(sentence, null, false, false);
            this.reason = reason;
        }
    }

    @Override
    public void configure(Map<String, ?> configs) {
        forUnreadable.configure(configs);
        forUnknown.configure(configs);
        forBadInput.configure(configs);
        forFaults.configure(configs);
        if (configs.get(LARGEST) instanceof String bytes) {
            largest = Long.parseLong(bytes);
        }
    }

    @Override
    public DeserializationExceptionHandler.Response handleError(ErrorHandlerContext context,
            ConsumerRecord<byte[], byte[]> record, Exception exception) {
        var handler = isRegistrysFault(exception) ? forUnknown : forUnreadable;
        return handler.handleError(context, record, exception);
    }

    @Override
    public ProcessingExceptionHandler.Response handleError(ErrorHandlerContext context, Record<?, ?> record,
            Exception exception) {
        if (!(exception instanceof BadObservation bad)) {
            return forFaults.handleError(context, record, exception);
        }
        var letters = forBadInput.handleError(context, record, exception).deadLetterQueueRecords();
        return ProcessingExceptionHandler.Response
                .resume(letters.stream().map(letter -> addressed(letter, bad.reason)).toList());
    }

    private ProducerRecord<byte[], byte[]> addressed(ProducerRecord<byte[], byte[]> letter, Reason reason) {
        letter.headers().add(REASON, reason.text().getBytes(UTF_8));
        long bytes = ENVELOPE + length(letter.key()) + length(letter.value());
        for (Header header : letter.headers()) {
            bytes += ENVELOPE / 16 + header.key().length() + length(header.value());
        }
        return bytes <= largest ? letter : withoutBytes(letter);
    }

    /// Kafka's headers and ours stay; the observation's own may be what is too large.
    private static ProducerRecord<byte[], byte[]> withoutBytes(ProducerRecord<byte[], byte[]> letter) {
        List<Header> kept = new ArrayList<>();
        letter.headers().forEach(header -> {
            if (header.key().startsWith(KAFKAS_HEADERS) || header.key().equals(REASON)) {
                kept.add(header);
            }
        });
        kept.add(new RecordHeader(OMITTED,
                Long.toString(length(letter.key()) + length(letter.value())).getBytes(UTF_8)));
        return new ProducerRecord<>(letter.topic(), letter.partition(), letter.timestamp(), null, null, kept);
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /// Whether it does not answer or does not let us in: neither says anything about the observation.
    private static boolean isRegistrysFault(@Nullable Throwable failure) {
        return failure != null && (failure instanceof RegistryException || isRegistrysFault(failure.getCause()));
    }

    static boolean isRegistryAway(@Nullable Throwable failure) {
        return failure != null
                && (failure instanceof RegistryException registry && registry.isUnreachable()
                        || isRegistryAway(failure.getCause()));
    }
}
