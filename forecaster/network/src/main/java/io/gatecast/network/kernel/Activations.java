package io.gatecast.network.kernel;

/// The non-linear functions, from +, -, *, /, square root and fused multiply-add alone: the language fixes the bits of
/// each, so a network gives the same bits on every processor, in a vector as in a scalar, for one event as for a batch.
/// `Math.exp` and its kin promise only an ulp and do not.
///
/// Ranges go by SIMD where there is any, see [VectorActivations].
public final class Activations {
    static final float TANH_SATURATES = 9.01f; // tanh rounds to 1 from here on
    // x P(x²) / Q(x²), fitted to tanh on (0, 9.01] for least relative error by Lawson's iteration: 7e-9 before rounding.
    static final float P1 = 0.13083583f, P2 = 3.103478e-3f, P3 = 1.1149274e-5f, P4 = -2.0204558e-8f;
    static final float P5 = 5.267841e-11f, P6 = -8.4623043e-14f;
    static final float Q1 = 0.46416909f, Q2 = 2.4493277e-2f, Q3 = 2.5454472e-4f;
    static final float ASINH_SATURATES = 1e18f; // the square must stay finite
    static final float LN2 = 0.6931472f;
    static final int MANTISSA_BITS = 23;
    static final int SQRT_HALF_BITS = Float.floatToRawIntBits(0.70710678f);

    private Activations() {}

    /// Hyperbolic tangent, within 3e-7 of the true value, relatively.
    public static float tanh(float x) {
        float v = Math.max(-TANH_SATURATES, Math.min(TANH_SATURATES, x));
        float s = v * v;
        float p = Math.fma(s, Math.fma(s, Math.fma(s, Math.fma(s, Math.fma(s, Math.fma(s, P6, P5), P4), P3), P2), P1),
                1f);
        float q = Math.fma(s, Math.fma(s, Math.fma(s, Q3, Q2), Q1), 1f);
        return Math.max(-1f, Math.min(1f, v * p / q)); // rounding would pass 1 by an ulp, and make σ negative
    }

    /// Logistic sigmoid, σ(x) = (1 + tanh(x / 2)) / 2.
    public static float sigmoid(float x) {
        return Math.fma(0.5f, tanh(0.5f * x), 0.5f);
    }

    /// `x[from..to) = tanh(x[from..to))`
    public static void tanh(float[] x, int from, int to) {
        for (int j = Simd.VECTORS ? VectorActivations.tanh(x, from, to) : from; j < to; j++) {
            x[j] = tanh(x[j]);
        }
    }

    /// `x[from..to) = σ(x[from..to))`
    public static void sigmoid(float[] x, int from, int to) {
        for (int j = Simd.VECTORS ? VectorActivations.sigmoid(x, from, to) : from; j < to; j++) {
            x[j] = sigmoid(x[j]);
        }
    }

    /// Squareplus, (x + √(x² + 4)) / 2: a positive, smooth ramp as softplus is, but algebraic, so its bits are fixed.
    /// Barron (2021), arXiv:2112.11687.
    public static float squareplus(float x) {
        // For x < 0 the sum cancels; its conjugate does not.
        float root = (float) Math.sqrt(Math.fma(x, x, 4f));
        return x >= 0 ? 0.5f * (x + root) : 2f / (root - x);
    }

    /// `x[from..to) = squareplus(x[from..to))`
    public static void squareplus(float[] x, int from, int to) {
        for (int j = Simd.VECTORS ? VectorActivations.squareplus(x, from, to) : from; j < to; j++) {
            x[j] = squareplus(x[j]);
        }
    }

    /// The slope of [#squareplus] at `x`: (1 + x / √(x² + 4)) / 2.
    public static float squareplusSlope(float x) {
        return squareplus(x) / (float) Math.sqrt(Math.fma(x, x, 4f));
    }

    /// `x[from..to) = squareplusSlope(x[from..to))`
    public static void squareplusSlope(float[] x, int from, int to) {
        for (int j = Simd.VECTORS ? VectorActivations.squareplusSlope(x, from, to) : from; j < to; j++) {
            x[j] = squareplusSlope(x[j]);
        }
    }

    /// Inverse hyperbolic sine: linear near 0, a logarithm far out, so that no input can shout down the others. NaN stays
    /// NaN.
    public static float asinh(float x) {
        if (Float.isNaN(x)) {
            return x; // to the logarithm it would look like a large number
        }
        float v = Math.min(Math.abs(x), ASINH_SATURATES);
        return Math.copySign(log(v + (float) Math.sqrt(Math.fma(v, v, 1f))), x);
    }

    /// `x[from..to) = asinh(x[from..to))`
    public static void asinh(float[] x, int from, int to) {
        for (int j = Simd.VECTORS ? VectorActivations.asinh(x, from, to) : from; j < to; j++) {
            x[j] = asinh(x[j]);
        }
    }

    /// Natural logarithm of a positive, normal number, within 1e-7 absolutely near 1 and 2e-7 relatively elsewhere:
    /// x = m·2^e with m in [√½, √2), log m = 2 artanh((m - 1) / (m + 1)) by its series.
    public static float log(float x) {
        int bits = Float.floatToRawIntBits(x);
        int e = (bits - SQRT_HALF_BITS) >> MANTISSA_BITS;
        float m = Float.intBitsToFloat(bits - (e << MANTISSA_BITS));
        float t = (m - 1f) / (m + 1f);
        float s = t * t;
        float series = Math.fma(s, Math.fma(s, Math.fma(s, Math.fma(s, 1f / 9, 1f / 7), 1f / 5), 1f / 3), 1f);
        return Math.fma(e, LN2, 2f * t * series);
    }
}
