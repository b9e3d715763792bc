package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.gatecast.streams.StreamsMetrics.Meter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each kind of bad input goes to the dead letters with its bytes, where it lay, why in words and why in one word; it is
/// counted by that word; and what comes after it is forecast as if it had not been.
final class PoisonTest {
    private static final long HOUR = TestModels.HOUR;
    private static final byte[] KEY = "a".getBytes(UTF_8);

    @TempDir
    private Path folder;
    private Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench(folder);
        bench.publish(1, 0);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void bytesThatAreNoObservation() {
        isSetAside(Reason.UNREADABLE, KEY, "junk".getBytes(UTF_8),
                "a value of topic observations is no Observation: at "
                        + "least 5 bytes were expected, 4 found");
    }

    @Test
    void noBytes() {
        isSetAside(Reason.UNREADABLE, KEY, new byte[0], "a value of topic observations is no Observation: at least 5 "
                + "bytes were expected, 0 found");
    }

    @Test
    void anObservationThatIsCutOff() {
        byte[] whole = bench.bytes(2 * HOUR, 1.0);
        isSetAside(Reason.UNREADABLE, KEY, Arrays.copyOf(whole, whole.length - 2), null);
    }

    @Test
    void aSchemaThatNobodyKnows() {
        byte[] bytes = bench.bytes(2 * HOUR, 1.0);
        bytes[1] = 0x70;
        isSetAside(Reason.UNKNOWN_SCHEMA, KEY, bytes, null);
    }

    @Test
    void aSchemaThatIsNoObservations() {
        isSetAside(Reason.WRONG_SCHEMA, KEY, bench.modelBytes(), null);
    }

    @Test
    void noKey() {
        isSetAside(Reason.NO_KEY, null, bench.bytes(2 * HOUR, 1.0), "key: expected the series' id, found none");
    }

    @Test
    void neitherKeyNorValue() {
        isSetAside(Reason.NO_KEY, null, null, "key: expected the series' id, found none");
    }

    @Test
    void anEmptyKey() {
        isSetAside(Reason.EMPTY_KEY, new byte[0], bench.bytes(2 * HOUR, 1.0),
                "key: expected the series' id, found an empty one");
    }

    /// What is read of two such keys may be the same.
    @Test
    void aKeyThatIsNotUtf8() {
        isSetAside(Reason.KEY_NOT_UTF8, new byte[]{'a', (byte) 0xff}, bench.bytes(2 * HOUR, 1.0),
                "key: expected UTF-8, found bytes that are none");
    }

    @Test
    void aKeyOfAMegabyte() {
        byte[] key = new byte[1 << 20];
        Arrays.fill(key, (byte) 'k');
        isSetAside(Reason.KEY_TOO_LONG, key, bench.bytes(2 * HOUR, 1.0),
                "key: expected at most 4096 bytes, found 1048576");
    }

    @Test
    void theLongestKeyThatIsTaken() {
        byte[] key = new byte[Admission.LONGEST_KEY];
        Arrays.fill(key, (byte) 'k');
        bench.observeBytes(key, bench.bytes(2 * HOUR, 1.0));
        assertEquals(1, bench.forecasts().size());
    }

    @Test
    void notANumber() {
        isSetAside(Reason.NOT_FINITE, KEY, bench.bytes(2 * HOUR, Double.NaN),
                "channel 0: expected a finite value or null, found NaN");
    }

    @Test
    void infinities() {
        isSetAside(Reason.NOT_FINITE, KEY, bench.bytes(2 * HOUR, Double.NEGATIVE_INFINITY),
                "channel 0: expected a finite value of at most 3.4e38, found -Infinity");
    }

    @Test
    void moreThanAFloatHolds() {
        isSetAside(Reason.NOT_FINITE, KEY, bench.bytes(2 * HOUR, 1e300),
                "channel 0: expected a finite value of at most 3.4e38, found 1.0E300");
    }

    @Test
    void tooManyChannels() {
        isSetAside(Reason.WRONG_CHANNELS, KEY, bench.bytes(2 * HOUR, 1.0, 2.0),
                "expected 1 values, one a channel, found 2");
    }

    @Test
    void noChannels() {
        isSetAside(Reason.WRONG_CHANNELS, KEY, bench.bytes(2 * HOUR), "expected 1 values, one a channel, found 0");
    }

    @Test
    void beforeTime() {
        isSetAside(Reason.BEFORE_1970, KEY, bench.bytes(-1, 1.0),
                "timestamp: expected 1970 or later, found 1969-12-31T23:59:59.999Z");
    }

    @Test
    void aFirstObservationWithoutAnyValue() {
        isSetAside(Reason.NOT_TAKEN, "new".getBytes(UTF_8), bench.bytes(2 * HOUR, (Double) null),
                "the first observation of a series holds no value in any channel");
    }

    /// It still lies where its headers say.
    @Test
    void whatDoesNotFitIntoTheDeadLettersIsNamedThere() {
        bench.close();
        bench = new Bench(folder, Map.of(DeadLetters.LARGEST, "100000"));
        bench.publish(1, 0);
        bench.observeBytes(KEY, new byte[200_000]);
        bench.observe("a", HOUR, 1);
        TestRecord<byte[], byte[]> letter = bench.deadLetters().getFirst();
        assertNull(letter.value());
        assertEquals("200001", header(letter, "gatecast.omitted"));
        assertEquals("unknown-schema", header(letter, "gatecast.reason"));
        assertEquals("0", header(letter, "__streams.errors.offset"));
        assertEquals(1, bench.forecasts().size());
    }

    /// @param words of the message behind the place; null = whatever
    private void isSetAside(Reason reason, byte @Nullable [] key, byte @Nullable [] value, @Nullable String words) {
        bench.observe("a", HOUR, 1);
        bench.observeBytes(key, value);
        bench.observe("a", 2 * HOUR, 1);

        List<TestRecord<byte[], byte[]>> letters = bench.deadLetters();
        assertEquals(1, letters.size());
        TestRecord<byte[], byte[]> letter = letters.getFirst();
        assertArrayEquals(key, letter.key());
        assertArrayEquals(value, letter.value());
        assertEquals("observations", header(letter, "__streams.errors.topic"));
        assertEquals("0", header(letter, "__streams.errors.partition"));
        assertEquals("1", header(letter, "__streams.errors.offset"));
        assertEquals(reason.text(), header(letter, "gatecast.reason"));
        if (words != null) {
            assertEquals("observations-0@1: " + words, header(letter, "__streams.errors.message"));
        }
        assertEquals(Map.of(reason, 1L), bench.rejected());
        assertEquals(1, bench.count(Meter.REJECTED));
        assertEquals(List.of(HOUR, 2 * HOUR), bench.forecasts().stream().map(TestRecord::timestamp).toList());
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        Header header = record.getHeaders().lastHeader(name);
        assertNotNull(header, () -> "no header " + name + " in " + record.getHeaders());
        return new String(header.value(), UTF_8);
    }
}
