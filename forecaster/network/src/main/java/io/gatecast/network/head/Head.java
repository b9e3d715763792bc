package io.gatecast.network.head;

import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Bias;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Weights;
import java.util.Arrays;

/// What the network answers at each step, for every channel and every step of the horizon: a distribution around a
/// blend of simple forecasts, from the hidden state h and the inputs x.
///
///     raw    = h Wh + x Wx + b
///     centre = blend of the bases            [SeasonalSkip]
///     distribution around the centre         [QuantileSet], [Gaussian] or [StudentT]
///
/// A row of `raw` is `[C][B - 1 + P][horizon]`: gates of the blend, then the P numbers of the distribution. All in units
/// of the series' scale.
public final class Head {
    private final HeadShape shape;
    private final Distribution distribution;
    private final Weights hiddenWeights;
    private final Weights inputWeights;
    private final Bias bias;

    /// Adds the tensors of a head to a layout.
    public static void layOut(int hidden, int inputs, HeadShape shape, Parameters.Layout layout) {
        int outputs = outputs(shape);
        layout.add("head.Wh", hidden, outputs).add("head.Wx", inputs, outputs).add("head.b", 1, outputs);
    }

    /// Fresh weights: zero but for the bias of the spread, so that the first forecast is an even blend of the bases, and
    /// training begins where the simple forecasts end.
    public static void initialise(Parameters parameters, HeadShape shape) {
        Distribution distribution = distribution(shape);
        int bias = parameters.tensor("head.b").offset();
        int channel = outputs(shape) / shape.channels();
        for (int c = 0; c < shape.channels(); c++) {
            for (int p = 0; p < distribution.parameters(); p++) {
                int from = bias + c * channel + (shape.bases() - 1 + p) * shape.horizon();
                Arrays.fill(parameters.values, from, from + shape.horizon(), distribution.start(p));
            }
        }
    }

    private static Distribution distribution(HeadShape shape) {
        return switch (shape.kind()) {
            case QUANTILES, POINT -> new QuantileSet(shape.quantiles(), shape.median());
            case GAUSSIAN -> new Gaussian(shape.quantiles());
            case STUDENT_T -> new StudentT(shape.quantiles());
        };
    }

    public Head(Parameters parameters, HeadShape shape, Kernels kernels) {
        this.shape = shape;
        this.distribution = distribution(shape);
        this.hiddenWeights = new Weights(parameters, "head.Wh", kernels);
        this.inputWeights = new Weights(parameters, "head.Wx", kernels);
        this.bias = new Bias(parameters, "head.b", kernels);
    }

    /// @return numbers in a row of `raw`
    public int outputs() {
        return bias.size();
    }

    /// @return numbers in a row of `raw` of a head of that shape
    public static int outputs(HeadShape shape) {
        return shape.channels() * (shape.bases() - 1 + distribution(shape).parameters()) * shape.horizon();
    }

    /// `raw = h Wh + x Wx + b` for any number of rows.
    ///
    /// @param h   `[rows][H]`
    /// @param x   `[rows][X]`
    /// @param raw `[rows][outputs]`
    public void project(int rows, float[] h, int hOffset, int hStride, float[] x, int xOffset, int xStride,
            float[] raw) {
        bias.fill(rows, raw, 0, outputs());
        hiddenWeights.addProduct(rows, h, hOffset, hStride, raw, 0, outputs());
        inputWeights.addProduct(rows, x, xOffset, xStride, raw, 0, outputs());
    }

    /// See [io.gatecast.network.Network#prepare].
    public void prepare() {
        if (distribution instanceof StudentT student) {
            student.prepare();
        }
    }

    /// Scratch for one row at a time; one for each thread.
    public Scratch scratch() {
        return new Scratch(shape);
    }

    /// @hidden see [Head#scratch]
    public static final class Scratch {
        final float[] blends;
        final float[] delta;
        final float[] quantiles;

        Scratch(HeadShape shape) {
            this.blends = new float[shape.bases() * shape.horizon()];
            this.delta = new float[shape.horizon()];
            this.quantiles = new float[shape.quantiles().size() * shape.horizon()];
        }
    }

    /// From one row of `raw` to quantiles.
    ///
    /// @param raw       the row; changed
    /// @param bases     `[C][B][horizon]`
    /// @param quantiles `[C][Q][horizon]`
    public void quantiles(float[] raw, int rawOffset, float[] bases, int basesOffset, float[] quantiles,
            int quantilesOffset, Scratch scratch) {
        for (int c = 0; c < shape.channels(); c++) {
            int gates = rawOffset + c * channelOutputs();
            SeasonalSkip.forward(shape.bases(), shape.horizon(), raw, gates, bases, basesOffset + c * channelBases(),
                    scratch.blends);
            distribution.quantiles(shape.horizon(), raw, behind(gates), scratch.blends, quantiles,
                    quantilesOffset + c * scratch.quantiles.length);
        }
    }

    private int channelOutputs() {
        return outputs() / shape.channels();
    }

    private int channelBases() {
        return shape.bases() * shape.horizon();
    }

    /// @return where the numbers of the distribution begin
    private int behind(int gates) {
        return gates + (shape.bases() - 1) * shape.horizon();
    }

    /// The weighted loss of one row, summed over channels and steps.
    ///
    /// @param raw     the row; on return the loss's gradient by it
    /// @param targets `[C][horizon]`; NaN = missing, counts for nothing
    /// @param weights `[C][horizon]`, from the same offset: what an error of one scale costs
    public double loss(float[] raw, int rawOffset, float[] bases, int basesOffset, float[] targets, float[] weights,
            int targetsOffset, Scratch scratch) {
        double loss = 0;
        for (int c = 0; c < shape.channels(); c++) {
            int gates = rawOffset + c * channelOutputs(), base = basesOffset + c * channelBases();
            SeasonalSkip.forward(shape.bases(), shape.horizon(), raw, gates, bases, base, scratch.blends);
            loss += distribution.loss(shape.horizon(), raw, behind(gates), scratch.blends, targets, weights,
                    targetsOffset + c * shape.horizon(), scratch.delta, scratch.quantiles);
            SeasonalSkip.backward(shape.bases(), shape.horizon(), raw, gates, bases, base, scratch.blends,
                    scratch.delta);
        }
        return loss;
    }

    /// The median of one channel's next step, and its gradient.
    ///
    /// @param raw    the row; on return the median's gradient by it
    /// @param dBases on return, from `to`, the gradient by the channel's `[B]` bases of that step
    public float median(int channel, float[] raw, int rawOffset, float[] bases, int basesOffset, float[] dBases, int to,
            Scratch scratch) {
        int horizon = shape.horizon(), count = shape.bases();
        int gates = rawOffset + channel * channelOutputs(), base = basesOffset + channel * channelBases();
        int behind = behind(gates), location = behind + distribution.location() * horizon;
        SeasonalSkip.forward(count, horizon, raw, gates, bases, base, scratch.blends);
        float median = scratch.blends[0] + raw[location];
        float rest = 1;
        for (int k = 0; k < count - 1; k++) {
            dBases[to + k] = rest * raw[gates + k * horizon];
            rest *= 1 - raw[gates + k * horizon];
        }
        dBases[to + count - 1] = rest;
        Arrays.fill(scratch.delta, 0);
        scratch.delta[0] = 1;
        SeasonalSkip.backward(count, horizon, raw, gates, bases, base, scratch.blends, scratch.delta);
        Arrays.fill(raw, rawOffset, gates, 0);
        Arrays.fill(raw, behind, rawOffset + outputs(), 0);
        raw[location] = 1;
        return median;
    }

    /// `dh += dRaw Whᵀ`
    public void backToHidden(int rows, float[] rawGradient, float[] dh, int dhOffset, int dhStride) {
        hiddenWeights.addProductBack(rows, rawGradient, 0, outputs(), dh, dhOffset, dhStride);
    }

    /// `dx += dRaw Wxᵀ`
    public void backToInputs(int rows, float[] rawGradient, float[] dx, int dxOffset, int dxStride) {
        inputWeights.addProductBack(rows, rawGradient, 0, outputs(), dx, dxOffset, dxStride);
    }

    /// Adds the gradient of the head's weights over `rows` rows.
    public void addGradient(int rows, float[] h, int hOffset, int hStride, float[] x, int xOffset, int xStride,
            float[] rawGradient, Parameters gradient) {
        hiddenWeights.addGradient(rows, h, hOffset, hStride, rawGradient, 0, outputs(), gradient);
        inputWeights.addGradient(rows, x, xOffset, xStride, rawGradient, 0, outputs(), gradient);
        bias.addGradient(rows, rawGradient, 0, outputs(), gradient);
    }
}
