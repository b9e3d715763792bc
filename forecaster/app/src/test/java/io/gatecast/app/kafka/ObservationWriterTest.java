package io.gatecast.app.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.series.Observation;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class ObservationWriterTest {
    private final MockProducer<String, io.gatecast.avro.Observation> producer = new MockProducer<>(false,
            new RoundRobinPartitioner(), new StringSerializer(), (topic, value) -> new byte[0]);
    private final ObservationWriter writer = new ObservationWriter(producer, "observations");

    @Test
    void anObservationKeepsItsSeriesItsTimeAndItsGaps() throws IOException {
        writer.write("mote-1", new Observation(1_700_000_000_000L, 21.5, Double.NaN));

        ProducerRecord<String, io.gatecast.avro.Observation> sent = producer.history().getFirst();
        assertEquals("mote-1", sent.key());
        assertEquals(1_700_000_000_000L, sent.timestamp());
        assertEquals(Instant.ofEpochMilli(1_700_000_000_000L), sent.value().getTimestamp());
        assertEquals(Arrays.asList(21.5, null), sent.value().getValues());
        assertEquals(List.of(), sent.value().getCovariates());
    }

    @Test
    void oneThatCouldNotBeWrittenStopsThoseAfterIt() throws IOException {
        writer.write("mote-1", new Observation(1, 21.5));
        producer.errorNext(new RecordTooLargeException("2 MB"));

        IOException next = assertThrows(IOException.class, () -> writer.write("mote-1", new Observation(2, 21.5)));

        assertEquals("topic observations: an observation could not be written: 2 MB", next.getMessage());
        assertEquals(1, producer.history().size());
    }

    @Test
    void theLastOneIsWaitedFor() throws IOException {
        writer.write("mote-1", new Observation(1, 21.5));
        producer.errorNext(new RecordTooLargeException("2 MB"));
        assertThrows(IOException.class, writer::flush);
    }
}
