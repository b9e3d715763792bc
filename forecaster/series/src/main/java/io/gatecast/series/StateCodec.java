package io.gatecast.series;

import io.gatecast.series.input.KnownValues;
import io.gatecast.series.input.Window;
import io.gatecast.series.judge.Episodes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The stored form of a [SeriesState]: little-endian, version 4; the earlier ones are read.
///
///     at   type  what
///     0    u8    version of this layout, 4
///     1    u8    1 where hidden state, next quantiles and calibration are the stamped model's
///     2    u16   0
///     4    i32   hash of the model's id
///     8    i32   the model's version
///     12   i32   channels, C
///     16   i32   values kept of each in all
///     20   i32   numbers of hidden and cell state, S
///     24   i32   quantiles, Q
///     28   i32   steps since the series began
///     32   i64   interval, ms
///     40   i64   beginning of the newest bucket, ms since the epoch
///     48   i32   bytes of habits, P
///     52   i32   bytes of calibration, R
///     56   i32   bytes of skill, V; since version 2
///     60   i32   covariates, U; since version 3
///     64   i32   steps kept of them, T; since version 3
///     68   i32   hash of their names; since version 3
///     72   i32   values kept here, K, the newest; the others lie apart, see [WindowCodec]; since version 4, before that all
///     76   f32   values [C][K], oldest first, NaN = before the first
///     +    u64   filled in [C][K/64 rounded up], bit 0 of the first word = newest
///     +    f32   hidden and cell state [S], layer by layer
///     +    f32   next step's quantiles [C][Q], in units of the scale, NaN = none
///     +    u8    open episode and the habits of the scores [P], see [Judges]
///     +    u8    calibration [R]
///     +    i32   patience used up [C]; since version 2
///     +    u8    skill [V]; since version 2
///     +    f32   covariates [T][U], oldest step first, NaN = unknown; since version 3
///
/// In version 3 the values begin at 72, in version 2 at 60, in version 1 at 56.
final class StateCodec {
    private static final int VERSION = 4;
    private static final int FIRST = 1;
    private static final int WITH_SKILL = 2;
    private static final int WITH_COVARIATES = 3;
    private static final int FIRST_HEADER = 56;
    private static final int COVARIATES_HEADER = 3 * Integer.BYTES;

    private StateCodec() {}

    /// What the bytes before the values say.
    private record Header(int version, boolean warmed, ModelStamp stamp, int channels, int context, int hidden,
            int quantiles,
            int steps, long intervalMillis, long lastBucket, int habits, int calibration, int skill, int covariates,
            int covariateSteps, int covariateNames, int tail) {

        static Header of(SeriesState state, int tail) {
            int channels = state.window.channels();
            return new Header(VERSION, state.warmedByThisModel, state.stamp, channels, state.window.context(),
                    state.hidden.length, state.next.length / channels, state.steps, state.intervalMillis,
                    state.lastBucket, state.habits.capacity(), state.calibration.capacity(),
                    state.skill.capacity(), state.known.count(), state.known.steps(), state.known.names(), tail);
        }

        static Header read(ByteBuffer in) {
            int version = in.get();
            require(version >= FIRST && version <= VERSION,
                    () -> "layout version: expected " + FIRST + " to " + VERSION + ", found " + version);
            boolean warmed = in.get() != 0;
            in.getShort();
            ModelStamp stamp = new ModelStamp(in.getInt(), in.getInt());
            int channels = in.getInt(), context = in.getInt();
            return new Header(version, warmed, stamp, channels, context, in.getInt(), in.getInt(), in.getInt(),
                    in.getLong(), in.getLong(), in.getInt(), in.getInt(), since(WITH_SKILL, version, in, 0),
                    since(WITH_COVARIATES, version, in, 0), since(WITH_COVARIATES, version, in, 0),
                    since(WITH_COVARIATES, version, in, 0), since(VERSION, version, in, context));
        }

        /// A record that ends too early is told by its length.
        private static int since(int first, int version, ByteBuffer in, int before) {
            return version < first || in.remaining() < Integer.BYTES ? before : in.getInt();
        }

        void write(ByteBuffer out) {
            out.put((byte) version).put((byte) (warmed ? 1 : 0)).putShort((short) 0);
            out.putInt(stamp.idHash()).putInt(stamp.version());
            out.putInt(channels).putInt(context).putInt(hidden).putInt(quantiles).putInt(steps);
            out.putLong(intervalMillis).putLong(lastBucket).putInt(habits).putInt(calibration).putInt(skill);
            out.putInt(covariates).putInt(covariateSteps).putInt(covariateNames).putInt(tail);
        }

        /// Of the whole record; in a long, so that damaged sizes cannot overflow.
        long bytes() {
            long bytes = FIRST_HEADER + Window.bytes(channels, tail)
                    + Float.BYTES * ((long) channels * quantiles + hidden)
                    + habits + calibration;
            if (version >= WITH_SKILL) {
                bytes += Integer.BYTES * (1 + (long) channels) + skill;
            }
            if (version >= WITH_COVARIATES) {
                bytes += COVARIATES_HEADER + Float.BYTES * (long) covariates * covariateSteps;
            }
            return version < VERSION ? bytes : bytes + Integer.BYTES;
        }

        /// @return whether hidden state and calibration under the other header mean the same here
        boolean fits(Header other) {
            return warmed && stamp.equals(other.stamp) && channels == other.channels && context == other.context
                    && hidden == other.hidden && quantiles == other.quantiles && calibration == other.calibration;
        }
    }

    /// @param tail values to be kept here, the newest
    static byte[] encode(SeriesState state, int tail) {
        Header header = Header.of(state, tail);
        byte[] bytes = new byte[(int) header.bytes()];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        header.write(out);
        state.window.give(out, tail);
        put(out, state.hidden);
        put(out, state.next);
        out.put(state.habits.array()).put(state.calibration.array());
        put(out, state.impatience);
        out.put(state.skill.array());
        put(out, state.known.values);
        return bytes;
    }

    /// Reads what was stored into a fresh state. Values carry over to another model as long as they mean the same: as
    /// many channels at the same interval; its hidden state does not.
    ///
    /// @throws IllegalArgumentException if the bytes are no state
    static void decode(StoredSeries stored, SeriesState into) {
        byte[] bytes = stored.state();
        require(bytes.length >= FIRST_HEADER,
                () -> "expected at least " + FIRST_HEADER + " bytes, found " + bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Header header = Header.read(in);
        require(header.channels() > 0 && header.context() > 0 && header.hidden() >= 0 && header.quantiles() >= 0
                && header.habits() >= 0 && header.calibration() >= 0 && header.skill() >= 0 && header.covariates() >= 0
                && header.covariateSteps() >= 0 && header.steps() >= 0 && header.tail() >= 0
                && header.tail() <= header.context()
                && (long) header.channels() * header.context() < Integer.MAX_VALUE
                && (long) header.covariates() * header.covariateSteps() < Integer.MAX_VALUE,
                () -> "sizes: expected none below 0 or too large, found " + header);
        require(header.bytes() == bytes.length, () -> "expected " + header.bytes() + " bytes, found " + bytes.length);
        if (header.channels() != into.window.channels() || header.intervalMillis() != into.intervalMillis) {
            return;
        }
        into.steps = header.steps();
        into.lastBucket = header.lastBucket();
        into.warmedByThisModel = header.fits(Header.of(into, 0));
        into.window.take(in, header.tail(), 0);
        if (into.warmedByThisModel) {
            get(in, into.hidden);
            get(in, into.next);
        } else {
            in.position(in.position() + Float.BYTES * (header.hidden() + header.channels() * header.quantiles()));
        }
        takeHabits(in, header.habits(), into.habits);
        take(in, header.calibration(), into.calibration, into.warmedByThisModel);
        if (header.version() >= WITH_SKILL) {
            get(in, into.impatience);
            take(in, header.skill(), into.skill, into.warmedByThisModel);
        }
        if (header.version() >= WITH_COVARIATES) {
            KnownValues known = new KnownValues(header.covariates(), header.covariateSteps(), header.covariateNames());
            get(in, known.values);
            into.known.copyFrom(known);
        }
        if (header.tail() < Math.min(header.steps(), header.context())) {
            join(stored.window(), header.tail(), into);
        }
    }

    /// Brings in the values that lie apart. Where they are lost, the series is as young as those that it still has.
    private static void join(byte @Nullable [] window, int tail, SeriesState into) {
        long newest = window == null ? SeriesState.NEVER : WindowCodec.decode(window, tail, into);
        if (newest == SeriesState.NEVER) {
            if (tail == 0) {
                into.startAfresh();
            }
            into.steps = tail;
            into.windowLost = true;
        } else if (newest <= into.lastBucket) {
            into.storedBucket = newest;
        }
    }

    /// Habits of another size are those of other scores and learned anew, but what is told of an open episode comes first in
    /// every layout.
    private static void takeHabits(ByteBuffer in, int bytes, ByteBuffer memory) {
        int told = bytes == memory.capacity() ? bytes : Math.min(bytes, Episodes.TOLD_BYTES);
        in.get(in.position(), memory.array(), 0, told);
        in.position(in.position() + bytes);
    }

    /// Steps over a memory, and takes it over where it is wanted and of the same size.
    private static void take(ByteBuffer in, int bytes, ByteBuffer memory, boolean wanted) {
        if (wanted && bytes == memory.capacity()) {
            in.get(in.position(), memory.array());
        }
        in.position(in.position() + bytes);
    }

    private static void put(ByteBuffer out, float[] values) {
        out.asFloatBuffer().put(values);
        out.position(out.position() + Float.BYTES * values.length);
    }

    private static void put(ByteBuffer out, int[] values) {
        out.asIntBuffer().put(values);
        out.position(out.position() + Integer.BYTES * values.length);
    }

    private static void get(ByteBuffer in, float[] values) {
        in.asFloatBuffer().get(values);
        in.position(in.position() + Float.BYTES * values.length);
    }

    private static void get(ByteBuffer in, int[] values) {
        in.asIntBuffer().get(values);
        in.position(in.position() + Integer.BYTES * values.length);
    }

    /// @param otherwise what to say; made only then, for a state is read with each event
    static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("stored state: " + otherwise.get());
        }
    }
}
