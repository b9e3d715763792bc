package io.gatecast.streams;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.DefaultProductionExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What becomes of a record that its topic does not take: the instance stops, as Kafka's own handler has it, for a forecast
/// that is left out is lost, and under exactly-once the transaction around it is gone anyway. Where it is too large, this
/// says which topic and what to do.
public final class Unsendable implements ProductionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Unsendable.class);

    private final ProductionExceptionHandler otherwise = new DefaultProductionExceptionHandler();

    @Override
    public void configure(Map<String, ?> configs) {
        otherwise.configure(configs);
    }

    @Override
    public Response handleError(ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record,
            Exception exception) {
        if (exception instanceof RecordTooLargeException) {
            LOG.error("{}", sentence(context, record));
        }
        return otherwise.handleError(context, record, exception);
    }

    static String sentence(ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record) {
        long bytes = (record.key() == null ? 0 : record.key().length)
                + (record.value() == null ? 0 : record.value().length);
        return new Place(context.topic(), context.partition(), context.offset()) + ": what it gave, a record of "
                + bytes
                + " bytes for topic " + record.topic()
                + ", is more than that takes: raise the topic's max.message.bytes,"
                + " and producer.max.request.size where that is lower";
    }

    @Override
    public Response handleSerializationError(ErrorHandlerContext context,
            @SuppressWarnings("rawtypes") ProducerRecord record,
            Exception exception, SerializationExceptionOrigin origin) {
        return otherwise.handleSerializationError(context, record, exception, origin);
    }
}
