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
///     +          each: i64 event time, i32 channels, f64 values; rising in time
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
            size += Long.BYTES + Integer.BYTES + Double.BYTES * each.values().length;
        }
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        out.put(VERSION).putLong(newest).putLong(open).putInt(observations.size());
        for (Observation each : observations) {
            out.putLong(each.timestamp()).putInt(each.values().length);
            for (double value : each.values()) {
                out.putDouble(value);
            }
        }
        return out.array();
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
            require(in.remaining() >= Long.BYTES + Integer.BYTES, "expected " + count + " observations, found " + i);
            long timestamp = in.getLong();
            int channels = in.getInt();
            require(channels >= 0 && in.remaining() >= (long) channels * Double.BYTES,
                    "observation " + i + ": expected its values, found " + in.remaining() + " bytes for " + channels);
            double[] values = new double[channels];
            for (int c = 0; c < channels; c++) {
                values[c] = in.getDouble();
            }
            observations.add(new Observation(timestamp, values));
        }
        require(!in.hasRemaining(), "expected an end, found " + in.remaining() + " bytes more");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("stored observations that wait: " + otherwise);
        }
    }
}
