package io.gatecast.network.kernel;

import org.jspecify.annotations.Nullable;

/// A matrix packed for the kernels: panels of [#WIDTH] neighbouring columns, and in a panel row after row, so that a
/// product reads memory from front to back. The last panel is filled up with zeros.
///
///     [rows][columns]  ->  [⌈columns / WIDTH⌉][rows][WIDTH]
public final class Panels {
    /// Four vectors of the widest lanes in use (16), eight of eight, sixteen of four.
    public static final int WIDTH = 64;

    final int rows;
    final int columns;
    final float[] data;
    /// For the product with a single row, where the weights are rounded.
    final @Nullable HalfPanels halves;
    private volatile float @Nullable [][] byRow;

    private Panels(int rows, int columns, float[] data, @Nullable HalfPanels halves) {
        this.rows = rows;
        this.columns = columns;
        this.data = data;
        this.halves = halves;
    }

    /// Packs `[rows][columns]` that lie row-major in `source` from `offset`.
    public static Panels of(float[] source, int offset, int rows, int columns) {
        return pack(source, offset, rows, columns, null);
    }

    /// Packs `[rows][columns]` that were rounded, in 16 bits, too, where that is what the precision has.
    ///
    /// @param rounded as [Precision#round] gave them
    public static Panels ofRounded(float[] rounded, int rows, int columns, Precision precision) {
        return pack(rounded, 0, rows, columns, HalfPanels.of(rounded, rows, columns, precision));
    }

    private static Panels pack(float[] source, int offset, int rows, int columns, @Nullable HalfPanels halves) {
        Panels panels = new Panels(rows, columns, new float[sizeOf(rows, columns)], halves);
        int to = 0;
        for (int panel = 0; panel < columns; panel += WIDTH) {
            for (int r = 0; r < rows; r++, to += WIDTH) {
                System.arraycopy(source, offset + r * columns + panel, panels.data, to,
                        Math.min(WIDTH, columns - panel));
            }
        }
        return panels;
    }

    /// Packs the transpose: `[rows][columns]` in `source` becomes a matrix of `columns` rows and `rows` columns.
    public static Panels ofTransposed(float[] source, int offset, int rows, int columns) {
        Panels panels = new Panels(columns, rows, new float[sizeOf(columns, rows)], null);
        for (int r = 0; r < rows; r++) {
            int to = r / WIDTH * columns * WIDTH + r % WIDTH;
            for (int c = 0; c < columns; c++) {
                panels.data[to + c * WIDTH] = source[offset + r * columns + c];
            }
        }
        return panels;
    }

    private static int sizeOf(int rows, int columns) {
        return (columns + WIDTH - 1) / WIDTH * WIDTH * rows;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /// @return `[rows][columns]`, each row an array of its own; made when first asked for, of a matrix that does not change
    float[][] byRow() {
        float[][] made = byRow;
        if (made == null) {
            made = new float[rows][columns];
            for (int r = 0; r < rows; r++) {
                for (int panel = 0; panel < columns; panel += WIDTH) {
                    System.arraycopy(data, (panel / WIDTH * rows + r) * WIDTH, made[r], panel,
                            Math.min(WIDTH, columns - panel));
                }
            }
            byRow = made;
        }
        return made;
    }
}
