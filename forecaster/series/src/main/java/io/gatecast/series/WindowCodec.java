package io.gatecast.series;

import io.gatecast.series.input.Window;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The stored form of a window, as it was when it was stored; [StateCodec] has what came since. Little-endian, version 1:
///
///     at   type  what
///     0    u8    version of this layout, 1
///     1    u8    0
///     2    u16   0
///     4    i32   channels, C
///     8    i32   values of each, K
///     12   i64   interval, ms
///     20   i64   beginning of the newest bucket, ms since the epoch
///     28   f32   values [C][K], oldest first, NaN = before the first
///     +    u64   filled in [C][K/64 rounded up], bit 0 of the first word = newest
final class WindowCodec {
    private static final int VERSION = 1;
    private static final int HEADER = 28;

    private WindowCodec() {}

    static byte[] encode(SeriesState state) {
        Window window = state.window;
        byte[] bytes = new byte[(int) (HEADER + Window.bytes(window.channels(), window.context()))];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) VERSION).put((byte) 0).putShort((short) 0).putInt(window.channels()).putInt(window.context());
        out.putLong(state.intervalMillis).putLong(state.lastBucket);
        window.give(out, window.context());
        return bytes;
    }

    /// Fills in what is older than the values that came with the state. One that ends before them is of another time. One that goes
    /// on after them, for it was stored and the state was not before a crash, is taken up to where the state is.
    ///
    /// @param tail values that came with the state
    /// @return beginning of the newest bucket in it; [SeriesState#NEVER] where it is of another time
    /// @throws IllegalArgumentException if the bytes are no window
    static long decode(byte[] bytes, int tail, SeriesState into) {
        StateCodec.require(bytes.length >= HEADER,
                () -> "window: expected at least " + HEADER + " bytes, found " + bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int version = in.get();
        StateCodec.require(version == VERSION,
                () -> "window: layout version: expected " + VERSION + ", found " + version);
        int channels = in.position(Integer.BYTES).getInt(), count = in.getInt();
        StateCodec.require(
                channels > 0 && count > 0 && (long) channels * count < Integer.MAX_VALUE
                        && HEADER + Window.bytes(channels, count) == bytes.length,
                () -> "window: expected " + channels + " channels of " + count + " values, found " + bytes.length
                        + " bytes");
        long interval = in.getLong(), newest = in.getLong();
        long age = (into.lastBucket - newest) / into.intervalMillis;
        if (channels != into.window.channels() || interval != into.intervalMillis || age > tail || age <= -count) {
            return SeriesState.NEVER;
        }
        into.window.take(in, count, (int) age);
        return newest;
    }
}
