package io.gatecast.training.exchange;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.foreign.ValueLayout.OfDouble;
import java.lang.foreign.ValueLayout.OfFloat;
import java.lang.foreign.ValueLayout.OfShort;
import java.nio.ByteOrder;

/// Numbers of a safetensors file that float32 can hold exactly; little-endian.
enum FloatFormat {
    F32(4), F64(8), F16(2), BF16(2);

    private static final OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    final int bytes;

    FloatFormat(int bytes) {
        this.bytes = bytes;
    }

    /// @param from `numbers.length` numbers from its beginning
    /// @throws ArithmeticException if one is none of float32's
    void read(MemorySegment from, float[] numbers) {
        if (this == F32) {
            MemorySegment.copy(from, FLOAT, 0, numbers, 0, numbers.length);
            return;
        }
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (this) {
                case F32 -> from.getAtIndex(FLOAT, i);
                case F64 -> exactly(from.getAtIndex(DOUBLE, i));
                case F16 -> Float.float16ToFloat(from.getAtIndex(SHORT, i));
                case BF16 -> Float.intBitsToFloat(from.getAtIndex(SHORT, i) << 16); // float32's upper half
            };
        }
    }

    private static float exactly(double number) {
        float nearest = (float) number;
        if (Double.compare(nearest, number) != 0) {
            throw new ArithmeticException(number + " is none of float32's numbers");
        }
        return nearest;
    }
}
