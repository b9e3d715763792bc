package io.gatecast.network.kernel;

import java.util.Arrays;

/// How the weights of a network are kept for serving. A step of one series reads every weight once and does little with it, so
/// what it costs is the bytes of the weights: half as many, about half as long. Weights are rounded once; all that is
/// reckoned with them is float32, in the same order, so a network in one precision gives the same bits everywhere.
public enum Precision {
    /// As they were trained.
    FLOAT32("f32") {
        @Override
        public float[] round(float[] values, int offset, int rows, int columns) {
            return Arrays.copyOfRange(values, offset, offset + rows * columns);
        }
    },

    /// Fixed point, 16 bits, with a power of two for each output: within 2⁻¹⁵ of an output's largest weight.
    INT16("int16") {
        @Override
        public float[] round(float[] values, int offset, int rows, int columns) {
            float[] rounded = new float[rows * columns];
            for (int j = 0; j < columns; j++) {
                float unit = unit(values, offset, rows, columns, j);
                for (int k = 0; k < rows; k++) {
                    rounded[k * columns + j] = (float) Math.rint(values[offset + k * columns + j] / unit) * unit;
                }
            }
            return rounded;
        }
    },

    /// The upper half of a float32: its range, three decimal digits.
    BFLOAT16("bf16") {
        @Override
        public float[] round(float[] values, int offset, int rows, int columns) {
            float[] rounded = new float[rows * columns];
            for (int i = 0; i < rounded.length; i++) {
                int bits = Float.floatToRawIntBits(values[offset + i]);
                int half = HALF - 1 + (bits >>> 16 & 1); // to the nearest, ties to even
                rounded[i] = Float.intBitsToFloat(bits + half & UPPER);
            }
            return rounded;
        }
    };

    /// The upper half of an int.
    static final int UPPER = 0xFFFF0000;
    private static final int HALF = 1 << 15;
    private static final int LARGEST = (1 << 15) - 1;
    private static final int LEAST_EXPONENT = -44; // so that sums in such units stay far from the largest float

    private final String label;

    Precision(String label) {
        this.label = label;
    }

    /// @return its name in settings
    public String label() {
        return label;
    }

    /// Rounds a matrix.
    ///
    /// @param values `[rows][columns]` from `offset`
    /// @return `[rows][columns]`, the nearest that this precision knows
    public abstract float[] round(float[] values, int offset, int rows, int columns);

    /// The unit in which an output's weights are whole numbers of 16 bits: a power of two, since by one a sum loses no bit.
    ///
    /// @param values `[rows][columns]` from `offset`
    static float unit(float[] values, int offset, int rows, int columns, int column) {
        float largest = 0;
        for (int k = 0; k < rows; k++) {
            largest = Math.max(largest, Math.abs(values[offset + k * columns + column]));
        }
        int exponent = Math.max(LEAST_EXPONENT, Math.getExponent(largest / LARGEST));
        float unit = Math.scalb(1f, exponent);
        return Math.rint(largest / unit) > LARGEST ? 2 * unit : unit;
    }
}
