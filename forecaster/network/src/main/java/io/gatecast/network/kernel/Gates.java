package io.gatecast.network.kernel;

/// What cells do with their gates number by number, a range of one row at a time; δ is the loss's gradient by what it stands
/// before. Ranges go by SIMD where there is any, see [VectorGates], with the same bits.
///
/// All ranges have `units` numbers and begin at the offset that follows their array. Of one array, ranges are the same
/// or do not meet.
public final class Gates {

    private Gates() {}

    /// `y = a + y`
    public static void add(int units, float[] a, int ao, float[] y, int yo) {
        for (int j = Simd.VECTORS ? VectorGates.add(units, a, ao, y, yo) : 0; j < units; j++) {
            y[yo + j] += a[ao + j];
        }
    }

    /// `y = a∘y`
    public static void multiply(int units, float[] a, int ao, float[] y, int yo) {
        for (int j = Simd.VECTORS ? VectorGates.multiply(units, a, ao, y, yo) : 0; j < units; j++) {
            y[yo + j] *= a[ao + j];
        }
    }

    /// `y = a∘b + y`
    public static void addProduct(int units, float[] a, int ao, float[] b, int bo, float[] y, int yo) {
        for (int j = Simd.VECTORS ? VectorGates.addProduct(units, a, ao, b, bo, y, yo) : 0; j < units; j++) {
            y[yo + j] = Math.fma(a[ao + j], b[bo + j], y[yo + j]);
        }
    }

    /// `c' = f∘c + i∘g`: what the forget gate keeps, what the input gate lets in.
    ///
    /// @param i where the gates begin: i, f, g, one behind the other
    public static void carry(int units, float[] gates, int i, float[] from, int c, float[] to, int cNext) {
        int f = i + units, g = f + units;
        for (int j = Simd.VECTORS ? VectorGates.carry(units, gates, i, from, c, to, cNext) : 0; j < units; j++) {
            to[cNext + j] = Math.fma(gates[f + j], from[c + j], gates[i + j] * gates[g + j]);
        }
    }

    /// `h' = n + z∘(h - n)`: from the candidate n to the state before, as far as z says.
    public static void mix(int units, float[] gates, int z, int n, float[] from, int h, float[] to, int hNext) {
        for (int j = Simd.VECTORS ? VectorGates.mix(units, gates, z, n, from, h, to, hNext) : 0; j < units; j++) {
            to[hNext + j] = Math.fma(gates[z + j], from[h + j] - gates[n + j], gates[n + j]);
        }
    }

    /// Back through `h' = o∘tanh(c')`, with σ' = σ(1 - σ) and tanh' = 1 - tanh²:
    ///
    ///     δo   = δh'∘tanh(c')∘o(1 - o)
    ///     δc' += δh'∘o∘(1 - tanh²(c'))
    ///     δh   = 0, to which the product with Uᵀ is added
    ///
    /// @param o     the output gate; on return δo
    /// @param shown tanh(c'), from its beginning
    /// @param dh    where δh' is in `delta`
    /// @param dc    where δc' is
    public static void backThroughOutput(int units, float[] gates, int o, float[] shown, float[] delta, int dh,
            int dc) {
        int j = Simd.VECTORS ? VectorGates.backThroughOutput(units, gates, o, shown, delta, dh, dc) : 0;
        for (; j < units; j++) {
            float t = shown[j], og = gates[o + j], d = delta[dh + j];
            delta[dc + j] = Math.fma(d * og, 1 - t * t, delta[dc + j]);
            gates[o + j] = d * t * og * (1 - og);
            delta[dh + j] = 0;
        }
    }

    /// Back through [#carry] and the gates' own functions:
    ///
    ///     δi   = δc'∘g∘i(1 - i)      δf = δc'∘c∘f(1 - f)      δg = δc'∘i∘(1 - g²)      δc = δc'∘f
    ///
    /// @param i  where the gates begin: i, f, g; on return δi, δf, δg
    /// @param c  where the cell state before the step starts in `from`
    /// @param dc where δc' is in `delta`; on return δc
    public static void backThroughCarry(int units, float[] gates, int i, float[] from, int c, float[] delta, int dc) {
        int f = i + units, g = f + units;
        int j = Simd.VECTORS ? VectorGates.backThroughCarry(units, gates, i, from, c, delta, dc) : 0;
        for (; j < units; j++) {
            float ig = gates[i + j], fg = gates[f + j], gg = gates[g + j], d = delta[dc + j];
            gates[i + j] = d * gg * ig * (1 - ig);
            gates[f + j] = d * from[c + j] * fg * (1 - fg);
            gates[g + j] = d * ig * (1 - gg * gg);
            delta[dc + j] = d * fg;
        }
    }
}
