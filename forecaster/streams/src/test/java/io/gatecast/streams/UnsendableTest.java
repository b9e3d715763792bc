package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.junit.jupiter.api.Test;

final class UnsendableTest {
    private static final ProducerRecord<byte[], byte[]> FORECAST = new ProducerRecord<>("forecasts", new byte[3],
            new byte[2_000_000]);

    /// Under exactly-once its transaction is lost anyway, and a forecast that is left out is lost.
    @Test
    void aRecordThatIsTooLargeStopsTheInstanceAndIsNamed() {
        Unsendable handler = new Unsendable();
        handler.configure(Map.of());
        assertEquals(ProductionExceptionHandler.Result.FAIL,
                handler.handleError(context(), FORECAST, new RecordTooLargeException("too large")).result());
        assertEquals("observations-3@12: what it gave, a record of 2000003 bytes for topic forecasts, is more than that"
                + " takes: raise the topic's max.message.bytes, and producer.max.request.size where that is lower",
                Unsendable.sentence(context(), FORECAST));
    }

    private static ErrorHandlerContext context() {
        Map<String, Object> answers = Map.of("topic", "observations", "partition", 3, "offset", 12L, "toString", "at");
        return (ErrorHandlerContext) Proxy.newProxyInstance(UnsendableTest.class.getClassLoader(),
                new Class<?>[]{ErrorHandlerContext.class}, (proxy, method, arguments) -> answers.get(method.getName()));
    }
}
