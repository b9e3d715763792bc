package io.gatecast.training.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.avro.Observation;
import io.gatecast.training.data.PartitionReader.Part;
import io.gatecast.training.data.TopicRange.Offsets;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A value is its event time in hours and its readings, as in `5 1.5 null`.
class PartitionReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 3);
    private static final long HOUR = 3_600_000;
    private static final long START = 1_767_225_600_000L;

    private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    private long soughtFrom = -1;

    private void write(@Nullable String key, String value, long writtenAtHour) {
        records.add(new ConsumerRecord<>("t", 3, records.size(), START + writtenAtHour * HOUR,
                TimestampType.LOG_APPEND_TIME, 0, 0, key, value.getBytes(UTF_8), new RecordHeaders(),
                Optional.empty()));
    }

    private static Observation read(String topic, byte[] bytes) {
        String[] words = new String(bytes, UTF_8).split(" ");
        if (words[0].equals("poison")) {
            throw new SerializationException("it is poison");
        }
        List<Double> values = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            values.add(words[i].equals("null") ? null : Double.valueOf(words[i]));
        }
        return new Observation(Instant.ofEpochMilli(START + Long.parseLong(words[0]) * HOUR), values, List.of());
    }

    /// Offsets by time as a broker finds them.
    private Part read(Offsets offsets, TopicRange range, Room room) throws IOException {
        try (var consumer = new MockConsumer<String, byte[]>("none") {
            @Override
            public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
                    Map<TopicPartition, Long> times) {
                return records.stream().filter(each -> each.timestamp() >= times.getOrDefault(PARTITION, 0L))
                        .findFirst()
                        .map(each -> Map.of(PARTITION, new OffsetAndTimestamp(each.offset(), each.timestamp())))
                        .orElse(Map.of());
            }

            @Override
            public synchronized void seek(TopicPartition partition, long offset) {
                super.seek(partition, offset);
                soughtFrom = offset;
                schedulePollTask(() -> records.stream().filter(each -> each.offset() >= offset)
                        .forEach(this::addRecord));
            }
        }) {
            consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
            return new PartitionReader(consumer, PartitionReaderTest::read, "t", offsets, range, List.of(), room,
                    new AtomicInteger()).call();
        }
    }

    private Part read(TopicRange range) throws IOException {
        return read(new Offsets(3, 0, records.size()), range, new Room("t", OptionalLong.empty()));
    }

    private static TopicRange hours(long from, long to) {
        return new TopicRange(START + from * HOUR, START + to * HOUR, List.of());
    }

    private static Series series(Part part, String id) {
        Readings readings = part.readings().get(id);
        return readings == null ? new Series(id, new long[0], new double[1][0]) : readings.series(id);
    }

    @Test
    void aSeriesIsInTheOrderOfTimeAndWhatIsOfTheSameTimeAsItCame() throws IOException {
        for (int t : new int[]{1, 2, 5, 3, 3, 4}) {
            write("a", t + " " + records.size(), 9);
            write("b", records.size() + " 7", 9);
        }
        Part part = read(TopicRange.ALL);
        assertArrayEquals(new double[]{0, 2, 6, 8, 10, 4}, series(part, "a").values()[0]);
        assertEquals(START + 5 * HOUR, series(part, "a").timestamps()[5]);
        assertEquals(6, series(part, "b").length());
    }

    @Test
    void whatTheTopologyWouldRejectIsPassedOver() throws IOException {
        write("a", "1 1 2", 9);
        write("a", "poison", 9);
        write(null, "2 1 2", 9);
        write("a", "2 1", 9);
        write("a", "3 1 Infinity", 9);
        write("b", "3", 9);
        write("a", "4 null 5", 9);
        Part part = read(TopicRange.ALL);
        assertEquals(5, part.passedOver());
        assertArrayEquals(new double[]{2, 5}, series(part, "a").values()[1]);
        assertEquals(1, part.readings().size());
    }

    /// Written as it was made: what lies an hour and more before is not read; what came late is.
    @Test
    void whatWasWrittenWellBeforeIsNotRead() throws IOException {
        for (int t = 0; t < 20; t++) {
            write("a", t + " " + t, t);
        }
        write("a", "12 99", 20);
        Part part = read(hours(10, 14));
        assertEquals(9, soughtFrom);
        assertArrayEquals(new double[]{10, 11, 12, 99, 13}, series(part, "a").values()[0]);
    }

    /// A past that was replayed at once, kept by when it was written: nothing can be passed by, and event time decides.
    @Test
    void aReplayedPastIsReadWhole() throws IOException {
        for (int t = 0; t < 20; t++) {
            write("a", t + " " + t, 1000);
        }
        assertArrayEquals(new double[]{10, 11}, series(read(hours(10, 12)), "a").values()[0]);
        assertEquals(0, soughtFrom);
    }

    /// A future that was made up: written before its time, which the first record behind the place sought tells.
    @ParameterizedTest
    @CsvSource({"5, 5", "900, 0"})
    void aMadeUpFutureIsReadWhole(long from, int first) throws IOException {
        for (int t = 0; t < 10; t++) {
            write("a", 900 + t + " " + t, t);
        }
        Room room = new Room("t", OptionalLong.of(10));
        Part part = read(new Offsets(3, 0, 10), hours(from, 2000), room);
        assertEquals(10, series(part, "a").length(), "first sought " + first);
        assertEquals(0, soughtFrom);
    }

    @ParameterizedTest
    @CsvSource({"0, 10, 10", "3, 7, 4", "9, 10, 1"})
    void offsetsAreKept(long from, long to, int count) throws IOException {
        for (int t = 0; t < 10; t++) {
            write("a", t + " " + t, t);
        }
        Part part = read(new Offsets(3, from, to), TopicRange.ALL, new Room("t", OptionalLong.empty()));
        assertEquals(count, series(part, "a").length());
        assertEquals(from, series(part, "a").values()[0][0]);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "24, 3", "1000, 2"})
    void readingsGrow(int count, int channels) {
        Readings readings = new Readings(channels, 0), more = new Readings(channels, 0);
        for (int i = 0; i < count; i++) {
            double[] values = new double[channels];
            values[channels - 1] = i;
            (i < count / 2 ? readings : more).add(i, values, new double[0]);
        }
        readings.addAll(more);
        Series series = readings.series("s");
        assertEquals(count, series.length());
        assertEquals(channels, series.channels());
        for (int i = 0; i < count; i++) {
            assertEquals(i, series.timestamps()[i]);
            assertEquals(i, series.values()[channels - 1][i]);
        }
    }

    @Test
    void tooManyObservationsAreRefused() {
        write("a", "1 1 2", 9);
        write("a", "2 1 2", 9);
        write("a", "3 1 2", 9);
        assertEquals(
                "topic t: holds more than the 2 observations that --max-observations allows; read less of it, between"
                        + " --from and --to or by --offsets, or allow more",
                refusal(new Room("t", OptionalLong.of(2))));
        assertEquals(
                "topic t: holds more than 2 observations, which at 24 bytes each fill an eighth of the memory; read"
                        + " less of it, between --from and --to or by --offsets, give more memory, as in"
                        + " GATECAST_JAVA_OPTS=-Xmx16g, or say --max-observations",
                refusal(new Room("t", OptionalLong.empty(), 48)));
    }

    private String refusal(Room room) {
        return String.valueOf(assertThrows(IOException.class,
                () -> read(new Offsets(3, 0, 3), TopicRange.ALL, room)).getMessage());
    }

    @Test
    void aPartitionIsNamedOnce() {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                () -> new TopicRange(0, 1, List.of(new Offsets(1, 0, 5), new Offsets(1, 5, 9))));
        assertEquals("offsets: expected each partition once, found partition 1 several times", refusal.getMessage());
        assertEquals("offsets of partition 2: expected a first one of at least 0 and an end behind it, found 7 to 7",
                assertThrows(IllegalArgumentException.class, () -> new Offsets(2, 7, 7)).getMessage());
        assertEquals("0:5-,2:1-9", TopicRange.inWords(List.of(new Offsets(0, 5, Offsets.END), new Offsets(2, 1, 9))));
    }
}
