package io.gatecast.network.head;

import static io.gatecast.network.kernel.Activations.squareplus;
import static io.gatecast.network.kernel.Activations.squareplusSlope;

import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.kernel.Panels;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.Arrays;

/// Quantiles of every step of the horizon at once, which cannot cross: Wen et al. (2017), "A multi-horizon quantile
/// recurrent forecaster", arXiv:1711.11053. From the hidden state h and the inputs x, per channel and step ahead:
///
///     raw = h Wh + x Wx + b
///     median         = blend of the bases + raw_m            [SeasonalSkip]
///     next one above = the one below it + squareplus(raw)     so that they keep their order
///     next one below = the one above it - squareplus(raw)
///
/// A row of `raw` is `[C][B - 1 + Q][horizon]`: gates of the blend, then quantiles from the lowest. All in units of the
/// series' scale. Loss: pinball, ρ_τ(e) = max(τe, (τ - 1)e) of e = target - quantile (Koenker & Bassett 1978).
public final class QuantileHead {
    private static final float FIRST_INCREMENT = -3; // squareplus(-3) = 0.3 scales between neighbouring quantiles

    private final Tensor hiddenTensor;
    private final Tensor inputTensor;
    private final Tensor biasTensor;
    private final HeadShape shape;
    private final Kernels kernels;
    private final Panels hiddenWeights;
    private final Panels inputWeights;
    private final Panels hiddenWeightsTransposed;
    private final float[] bias;
    private final float[] levels;
    private final int median;

    /// Adds the tensors of a head to a layout.
    public static void layOut(int hidden, int inputs, HeadShape shape, Parameters.Layout layout) {
        layout.add("head.Wh", hidden, outputs(shape)).add("head.Wx", inputs, outputs(shape)).add("head.b", 1,
                outputs(shape));
    }

    /// Fresh weights: zero but for the increments' bias, so that the first forecast is an even blend of the bases, and
    /// training begins where the simple forecasts end.
    public static void initialise(Parameters parameters, HeadShape shape) {
        int bias = parameters.tensor("head.b").offset();
        int channel = outputs(shape) / shape.channels();
        for (int c = 0; c < shape.channels(); c++) {
            for (int q = 0; q < shape.quantiles().size(); q++) {
                int from = bias + c * channel + (shape.bases() - 1 + q) * shape.horizon();
                Arrays.fill(parameters.values, from, from + shape.horizon(), q == shape.median() ? 0 : FIRST_INCREMENT);
            }
        }
    }

    public QuantileHead(Parameters parameters, HeadShape shape, Kernels kernels) {
        this.hiddenTensor = parameters.tensor("head.Wh");
        this.inputTensor = parameters.tensor("head.Wx");
        this.biasTensor = parameters.tensor("head.b");
        this.shape = shape;
        this.kernels = kernels;
        this.hiddenWeights = pack(parameters, hiddenTensor);
        this.inputWeights = pack(parameters, inputTensor);
        this.hiddenWeightsTransposed = Panels.ofTransposed(parameters.values, hiddenTensor.offset(),
                hiddenTensor.rows(), hiddenTensor.columns());
        this.bias = Arrays.copyOfRange(parameters.values, biasTensor.offset(), biasTensor.offset() + biasTensor.size());
        this.median = shape.median(); // which searches for a Double, an object a step if asked there
        this.levels = new float[shape.quantiles().size()];
        for (int q = 0; q < levels.length; q++) {
            levels[q] = shape.quantiles().get(q).floatValue();
        }
    }

    private static Panels pack(Parameters parameters, Tensor tensor) {
        return Panels.of(parameters.values, tensor.offset(), tensor.rows(), tensor.columns());
    }

    /// @return numbers in a row of `raw`
    public int outputs() {
        return bias.length;
    }

    private static int outputs(HeadShape shape) {
        return shape.channels() * (shape.bases() - 1 + shape.quantiles().size()) * shape.horizon();
    }

    /// `raw = h Wh + x Wx + b` for any number of rows.
    ///
    /// @param h   `[rows][H]`
    /// @param x   `[rows][X]`
    /// @param raw `[rows][outputs]`
    public void project(int rows, float[] h, int hOffset, int hStride, float[] x, int xOffset, int xStride,
            float[] raw) {
        for (int n = 0; n < rows; n++) {
            System.arraycopy(bias, 0, raw, n * bias.length, bias.length);
        }
        kernels.addProduct(rows, h, hOffset, hStride, hiddenWeights, raw, 0, bias.length);
        kernels.addProduct(rows, x, xOffset, xStride, inputWeights, raw, 0, bias.length);
    }

    /// Scratch for one row at a time; one for each thread.
    public Scratch scratch() {
        return new Scratch(shape);
    }

    /// @hidden see [QuantileHead#scratch]
    public static final class Scratch {
        final float[] blends;
        final float[] delta;
        final float[] quantiles;

        Scratch(HeadShape shape) {
            this.blends = new float[shape.bases() * shape.horizon()];
            this.delta = new float[shape.horizon()];
            this.quantiles = new float[shape.channels() * shape.quantiles().size() * shape.horizon()];
        }
    }

    /// From one row of `raw` to quantiles.
    ///
    /// @param raw       the row; changed
    /// @param bases     `[C][B][horizon]`
    /// @param quantiles `[C][Q][horizon]`
    public void quantiles(float[] raw, int rawOffset, float[] bases, int basesOffset, float[] quantiles,
            Scratch scratch) {
        for (int c = 0; c < shape.channels(); c++) {
            channelQuantiles(raw, rawOffset + c * channelOutputs(), bases, basesOffset + c * channelBases(), quantiles,
                    c * channelQuantiles(), scratch);
        }
    }

    private int channelOutputs() {
        return bias.length / shape.channels();
    }

    private int channelBases() {
        return shape.bases() * shape.horizon();
    }

    private int channelQuantiles() {
        return levels.length * shape.horizon();
    }

    private void channelQuantiles(float[] raw, int gates, float[] bases, int base, float[] quantiles, int to,
            Scratch scratch) {
        int horizon = shape.horizon();
        int offsets = gates + (shape.bases() - 1) * horizon;
        int m = median;
        SeasonalSkip.forward(shape.bases(), horizon, raw, gates, bases, base, scratch.blends);
        for (int h = 0; h < horizon; h++) {
            quantiles[to + m * horizon + h] = scratch.blends[h] + raw[offsets + m * horizon + h];
        }
        for (int q = m + 1; q < levels.length; q++) {
            above(horizon, raw, offsets + q * horizon, quantiles, to + q * horizon);
        }
        for (int q = m - 1; q >= 0; q--) {
            below(horizon, raw, offsets + q * horizon, quantiles, to + q * horizon);
        }
    }

    private static void above(int horizon, float[] raw, int from, float[] quantiles, int to) {
        for (int h = 0; h < horizon; h++) {
            quantiles[to + h] = quantiles[to - horizon + h] + squareplus(raw[from + h]);
        }
    }

    private static void below(int horizon, float[] raw, int from, float[] quantiles, int to) {
        for (int h = 0; h < horizon; h++) {
            quantiles[to + h] = quantiles[to + horizon + h] - squareplus(raw[from + h]);
        }
    }

    /// The weighted pinball loss of one row, summed over channels, steps and quantiles.
    ///
    /// @param raw     the row; on return the loss's gradient by it
    /// @param targets `[C][horizon]`; NaN = missing, counts for nothing
    /// @param weights `[C]`, what an error of one scale costs
    public double loss(float[] raw, int rawOffset, float[] bases, int basesOffset, float[] targets, int targetsOffset,
            float[] weights, int weightsOffset, Scratch scratch) {
        double loss = 0;
        for (int c = 0; c < shape.channels(); c++) {
            int row = rawOffset + c * channelOutputs();
            int base = basesOffset + c * channelBases();
            channelQuantiles(raw, row, bases, base, scratch.quantiles, 0, scratch);
            loss += pinball(scratch.quantiles, targets, targetsOffset + c * shape.horizon(),
                    weights[weightsOffset + c]);
            backward(raw, row, bases, base, scratch);
        }
        return loss;
    }

    /// Replaces each quantile by the gradient of its pinball loss.
    private double pinball(float[] quantiles, float[] targets, int from, float weight) {
        double loss = 0;
        int horizon = shape.horizon();
        for (int q = 0; q < levels.length; q++) {
            float over = weight * (levels[q] - 1), under = weight * levels[q];
            for (int h = 0; h < horizon; h++) {
                float error = targets[from + h] - quantiles[q * horizon + h];
                float slope = error > 0 ? under : over;
                if (Float.isNaN(error)) {
                    quantiles[q * horizon + h] = 0;
                } else {
                    loss += slope * error;
                    quantiles[q * horizon + h] = -slope;
                }
            }
        }
        return loss;
    }

    /// A quantile stands on all those between it and the median, so each increment answers for all beyond it.
    private void backward(float[] raw, int gates, float[] bases, int base, Scratch scratch) {
        int horizon = shape.horizon();
        int offsets = gates + (shape.bases() - 1) * horizon;
        int m = median;
        float[] d = scratch.quantiles;
        for (int q = levels.length - 1; q > m; q--) {
            backThroughIncrement(horizon, 1, raw, offsets + q * horizon, d, q * horizon, (q - 1) * horizon);
        }
        for (int q = 0; q < m; q++) {
            backThroughIncrement(horizon, -1, raw, offsets + q * horizon, d, q * horizon, (q + 1) * horizon);
        }
        System.arraycopy(d, m * horizon, raw, offsets + m * horizon, horizon);
        System.arraycopy(d, m * horizon, scratch.delta, 0, horizon);
        SeasonalSkip.backward(shape.bases(), horizon, raw, gates, bases, base, scratch.blends, scratch.delta);
    }

    private static void backThroughIncrement(int horizon, int sign, float[] raw, int at, float[] d, int from,
            int inner) {
        for (int h = 0; h < horizon; h++) {
            d[inner + h] += d[from + h];
            raw[at + h] = sign * d[from + h] * squareplusSlope(raw[at + h]);
        }
    }

    /// `dh += dRaw Whᵀ`
    public void backToHidden(int rows, float[] rawGradient, float[] dh, int dhOffset, int dhStride) {
        kernels.addProduct(rows, rawGradient, 0, bias.length, hiddenWeightsTransposed, dh, dhOffset, dhStride);
    }

    /// Adds the gradient of the head's weights over `rows` rows.
    public void addGradient(int rows, float[] h, int hOffset, int hStride, float[] x, int xOffset, int xStride,
            float[] rawGradient, Parameters gradient) {
        int o = bias.length;
        kernels.addOuterProducts(rows, h, hOffset, hStride, hiddenTensor.rows(), rawGradient, 0, o, o, gradient.values,
                hiddenTensor.offset());
        kernels.addOuterProducts(rows, x, xOffset, xStride, inputTensor.rows(), rawGradient, 0, o, o, gradient.values,
                inputTensor.offset());
        for (int n = 0; n < rows; n++) {
            for (int j = 0; j < o; j++) {
                gradient.values[biasTensor.offset() + j] += rawGradient[n * o + j];
            }
        }
    }
}
