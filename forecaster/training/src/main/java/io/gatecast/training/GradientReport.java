package io.gatecast.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How the gradient flowed through a training.
///
/// @param clipped updates whose gradient was longer than allowed and was shortened
/// @param largest Euclidean norm of the longest one, before
/// @param norms   through the training, at even distances
public record GradientReport(int clipped, double largest, List<Norms> norms) {

    public GradientReport {
        norms = List.copyOf(norms);
    }

    /// @param updates that came before those of the next
    GradientReport and(GradientReport next, int updates) {
        List<Norms> both = new ArrayList<>(norms);
        next.norms.forEach(then -> both.add(new Norms(updates + then.update, then.whole, then.byLayer)));
        return new GradientReport(clipped + next.clipped, Math.max(largest, next.largest), both);
    }

    /// Mean norms since the ones before.
    ///
    /// @param update  the last of these updates
    /// @param whole   Euclidean norm of the whole gradient
    /// @param byLayer likewise of each layer and of the head, by name, in their order
    public record Norms(int update, double whole, Map<String, Double> byLayer) {}
}
