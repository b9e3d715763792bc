package io.gatecast.network.kernel;

import org.jspecify.annotations.Nullable;

/// A matrix again, in 16 bits a weight, for the product with a single row: panels of [#WIDTH] neighbouring columns, and in a
/// panel row after row. An int holds the weights of two columns: the low half that of column j, the high half that of column
/// j + WIDTH / 2. Columns that fill no panel are left to [Panels].
///
///     [rows][columns]  ->  [⌊columns / WIDTH⌋][rows][WIDTH / 2]
final class HalfPanels {
    /// Eight vectors of the widest lanes in use (16): a single row needs as many sums at once.
    static final int WIDTH = 128;
    static final int INTS = WIDTH / 2;

    final int columns;
    final int[] data;
    /// `[columns]`, of fixed point: what a weight times 2¹⁶ is counted in; null of bfloat16
    final float @Nullable [] units;

    private HalfPanels(int columns, int[] data, float @Nullable [] units) {
        this.columns = columns;
        this.data = data;
        this.units = units;
    }

    /// @param values `[rows][columns]` as [Precision#round] gave them
    /// @return null where the precision needs none, or no panel is filled
    static @Nullable HalfPanels of(float[] values, int rows, int columns, Precision precision) {
        int whole = columns / WIDTH * WIDTH;
        return switch (precision) {
            case FLOAT32 -> null;
            case INT16, BFLOAT16 -> whole == 0 ? null : pack(values, rows, columns, whole, precision);
        };
    }

    private static HalfPanels pack(float[] values, int rows, int columns, int whole, Precision precision) {
        float[] units = precision == Precision.INT16 ? new float[whole] : null;
        int[] data = new int[whole / 2 * rows];
        for (int j = 0; j < whole; j++) {
            float unit = Precision.unit(values, 0, rows, columns, j);
            if (units != null) {
                units[j] = unit / (1 << Short.SIZE);
            }
            int in = j % WIDTH, to = j / WIDTH * rows * INTS + in % INTS;
            for (int k = 0; k < rows; k++) {
                float value = values[k * columns + j];
                int half = units == null
                        ? Float.floatToRawIntBits(value) >>> Short.SIZE
                        : (int) (value / unit) & 0xFFFF;
                data[to + k * INTS] |= in < INTS ? half : half << Short.SIZE;
            }
        }
        return new HalfPanels(whole, data, units);
    }
}
