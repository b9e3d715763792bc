package io.gatecast.series.arrival;

import io.gatecast.series.Observation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The observations of one series whose step may still get another. Stored little-endian:
///
///     at   type  what
///     0    u8    version of this layout, 1
///     1    i64   newest event time seen, ms since the epoch
///     9    i64   beginning of the first step that is not closed, ms since the epoch
///     17   i32   observations that wait, N
///     +          each: i64 event time, i32 channels, f64 values, i32 covariates, f64 each; rising in time
public final class Waiting {
    private static final byte VERSION = 1;
    private static final int HEADER = 21;
    static final long NEVER = Long.MIN_VALUE;

    /// Rising in time.
    final List<Observation> observations = new ArrayList<>();
    long newest = NEVER;
    /// Steps before this one have been released.
    long open = NEVER;

    private Waiting() {}

    /// @param stored as [#bytes] gave it; null for a new series
    /// @throws IllegalArgumentException if the bytes are none
    public static Waiting of(byte @Nullable [] stored) {
        Waiting waiting = new Waiting();
        if (stored != null) {
            waiting.read(ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN));
        }
        return waiting;
    }

    /// @return how many wait
    public int size() {
        return observations.size();
    }

    /// @return the record to be stored
    public byte[] bytes() {
        int size = HEADER;
        for (Observation each : observations) {
            size += Long.BYTES + 2 * Integer.BYTES + Double.BYTES * (each.values().length + each.covariates().length);
        }
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        out.put(VERSION).putLong(newest).putLong(open).putInt(observations.size());
        for (Observation each : observations) {
            out.putLong(each.timestamp());
            put(out, each.values());
            put(out, each.covariates());
        }
        return out.array();
    }

    private static void put(ByteBuffer out, double[] numbers) {
        out.putInt(numbers.length);
        for (double number : numbers) {
            out.putDouble(number);
        }
    }

    private void read(ByteBuffer in) {
        require(in.remaining() >= HEADER, "expected at least " + HEADER + " bytes, found " + in.remaining());
        byte version = in.get();
        require(version == VERSION, "layout version: expected " + VERSION + ", found " + version);
        newest = in.getLong();
        open = in.getLong();
        int count = in.getInt();
        require(count >= 0, "count: expected none below 0, found " + count);
        for (int i = 0; i < count; i++) {
            require(in.remaining() >= Long.BYTES, "expected " + count + " observations, found " + i);
            observations.add(new Observation(in.getLong(), numbers(in), numbers(in)));
        }
        require(!in.hasRemaining(), "expected an end, found " + in.remaining() + " bytes more");
    }

    private static double[] numbers(ByteBuffer in) {
        require(in.remaining() >= Integer.BYTES, "expected a number of values, found the end");
        int count = in.getInt();
        require(count >= 0 && count <= in.remaining() / Double.BYTES,
                "expected " + count + " values, found " + in.remaining() + " bytes");
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = in.getDouble();
        }
        return numbers;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("stored observations that wait: " + otherwise);
        }
    }
}
