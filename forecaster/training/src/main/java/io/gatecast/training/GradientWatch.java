package io.gatecast.training;

import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import io.gatecast.training.GradientReport.Norms;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Sees every gradient before it moves a weight: counts those that explode, keeps the norms of each layer, and stops a
/// training that has gone astray. Pascanu, Mikolov & Bengio (2013), arXiv:1211.5063.
final class GradientWatch {
    private final Parameters parameters;
    private final double limit;
    private final Map<String, Double> sums = new LinkedHashMap<>();
    private final List<Norms> norms = new ArrayList<>();
    private double wholeSum;
    private int count;
    private int clipped;
    private double largest;

    /// @param parameters laid out as the gradients to come
    /// @param limit      norm beyond which a gradient is clipped
    GradientWatch(Parameters parameters, double limit) {
        this.parameters = parameters;
        this.limit = limit;
        parameters.tensors().forEach(tensor -> sums.put(layerOf(tensor), 0.0));
    }

    /// Goes on from what another one had found.
    void recall(GradientReport report) {
        clipped = report.clipped();
        largest = report.largest();
        norms.addAll(report.norms());
    }

    /// @return what stands before a tensor's own name: the layer, or the head
    private static String layerOf(Tensor tensor) {
        return tensor.name().substring(0, tensor.name().lastIndexOf('.'));
    }

    /// Looks at the gradient of one update.
    ///
    /// @throws TrainingDiverged with a sentence, if it or the loss is not finite
    void take(int update, double loss, Parameters gradient, double rate) {
        Map<String, Double> squares = new LinkedHashMap<>();
        for (Tensor tensor : parameters.tensors()) {
            double square = square(gradient, tensor);
            if (!Double.isFinite(square)) {
                throw astray("the gradient of " + tensor.name(), update, rate);
            }
            squares.merge(layerOf(tensor), square, Double::sum);
        }
        if (!Double.isFinite(loss)) {
            throw astray("the loss", update, rate);
        }
        squares.forEach((layer, square) -> sums.merge(layer, Math.sqrt(square), Double::sum));
        double whole = Math.sqrt(squares.values().stream().mapToDouble(Double::doubleValue).sum());
        wholeSum += whole;
        count++;
        clipped += whole > limit ? 1 : 0;
        largest = Math.max(largest, whole);
    }

    private static double square(Parameters gradient, Tensor tensor) {
        double square = 0;
        for (int i = tensor.offset(); i < tensor.offset() + tensor.size(); i++) {
            square += (double) gradient.values[i] * gradient.values[i];
        }
        return square;
    }

    private static TrainingDiverged astray(String what, int update, double rate) {
        return new TrainingDiverged("update " + (update + 1) + ": " + what
                + " is not finite at a learning rate of %.2g; try a lower --learning-rate or a lower --clip"
                        .formatted(rate));
    }

    /// Notes the mean norms since the last note.
    void note(int update) {
        Map<String, Double> byLayer = new LinkedHashMap<>();
        sums.forEach((layer, sum) -> byLayer.put(layer, sum / count));
        norms.add(new Norms(update, wholeSum / count, Collections.unmodifiableMap(byLayer)));
        sums.replaceAll((layer, sum) -> 0.0);
        wholeSum = 0;
        count = 0;
    }

    GradientReport report() {
        return new GradientReport(clipped, largest, norms);
    }
}
