package io.gatecast.network.kernel;

import org.jspecify.annotations.Nullable;

/// A matrix packed for the kernels: panels of [#WIDTH] neighbouring columns, and in a panel row after row, so that a
/// product reads memory from front to back. The last panel is filled up with zeros.
///
///     [rows][columns]  ->  [⌈columns / WIDTH⌉][rows][WIDTH]
public final class Panels {
    /// Four vectors of sixteen lanes, four of eight, eight of four: as many as a tile is wide, and no more, since the rows that a tile reads
    /// one after the other are to lie one behind the other (measured: a batch of eight lanes takes 15 % more from panels of 64).
    public static final int WIDTH = Simd.LANES == 16 ? 64 : 32;

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
        pack(source, offset, columns, rows, columns, panels.data);
        return panels;
    }

    /// Row after row, as they lie in memory.
    ///
    /// @param stride from a row of `source` to the next
    static void pack(float[] source, int offset, int stride, int rows, int columns, float[] panels) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c += WIDTH) {
                System.arraycopy(source, offset + r * stride + c, panels, c * rows + r * WIDTH,
                        Math.min(WIDTH, columns - c));
            }
        }
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

    static int sizeOf(int rows, int columns) {
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
