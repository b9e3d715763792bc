package io.gatecast.training;

import io.gatecast.network.Architecture;
import io.gatecast.network.Network;
import io.gatecast.network.SequenceBatch;
import io.gatecast.network.SequenceLoss;
import io.gatecast.network.VariationalDropout;
import io.gatecast.network.tensor.Parameters;
import java.util.SplittableRandom;

/// A fixed share of every batch, with the memory to take its gradient. The shares are the same however many threads
/// work through them, and are summed in their order: so the number of threads does not change a bit of the result.
final class Shard {
    private final TrainingPlan plan;
    private final Batches batches;
    private final SequenceBatch batch;
    private final SequenceLoss loss;
    private final Parameters gradient;
    private final long seed;

    Shard(TrainingPlan plan, Network network, Batches batches, int rows, long seed) {
        Architecture architecture = network.architecture();
        this.plan = plan;
        this.batches = batches;
        this.batch = new SequenceBatch(architecture, plan.steps(), plan.warmUp(), rows);
        this.loss = new SequenceLoss(network, batch, plan.sampling().truncation(), plan.dropout().betweenLayers());
        this.gradient = network.parameters().zeros();
        this.seed = seed;
    }

    /// Takes the gradient of an update's rows, which its number and the seed choose.
    ///
    /// @return their summed loss
    double takeGradient(Network network, int update) {
        SplittableRandom random = new SplittableRandom(seed + update).split(); // split: neighbours are alike
        batches.fill(batch, random);
        gradient.fill(0);
        return plan.dropout().ofUnits()
                ? takeGradientOfSome(network, random)
                : loss.addGradient(network, batch, gradient, plan.dropout().rate(), random);
    }

    private double takeGradientOfSome(Network network, SplittableRandom random) {
        Parameters thinned = network.parameters().copy();
        VariationalDropout dropout = VariationalDropout.draw(network.architecture(), thinned, plan.dropout().rate(),
                random);
        dropout.apply(thinned);
        double sum = loss.addGradient(Network.compile(network.architecture(), thinned), batch, gradient);
        dropout.apply(gradient);
        return sum;
    }

    /// @return sequences in it
    int rows() {
        return batch.batch;
    }

    Parameters gradient() {
        return gradient;
    }
}
