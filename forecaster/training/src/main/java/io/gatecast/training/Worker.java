package io.gatecast.training;

import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.training.data.Series;
import java.io.Serializable;
import java.util.List;
import java.util.SplittableRandom;

/// One of several who train together, each on series of its own, which never leave it: synchronous data-parallel training.
/// With every update it is told the weights and gives the gradient of its share of the batch; whoever leads adds up and moves
/// the weights. What it draws follows from the seed, its number and the update's: asked again, it gives the same bits, so one
/// that is lost can be made anew in the middle of a training. For one thread.
public final class Worker {
    private final TrainingPlan plan;
    private final Batches batches;
    private final Shard shard;
    private final Parameters parameters;

    /// What a worker gives.
    ///
    /// @param loss     mean over its share of the batch
    /// @param gradient likewise, in the order of the weights
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Share(double loss, float[] gradient) implements Serializable {}

    /// @param plan    the same for all, but for the batch: its size is what all draw together
    /// @param series  its own
    /// @param number  from 0
    /// @param workers how many there are
    /// @throws IllegalArgumentException if the series do not fit the plan or are too short to learn from
    public Worker(TrainingPlan plan, List<Series> series, int number, int workers) {
        if (number < 0 || number >= workers) {
            throw new IllegalArgumentException("worker: expected a number below " + workers + ", found " + number);
        }
        this.plan = plan;
        this.batches = new Batches(Trainer.tracks(plan, series), plan.features().warmUp(),
                plan.sampling().seriesAlike());
        this.parameters = Network.parametersOf(plan.architecture());
        this.shard = new Shard(plan, Network.compile(plan.architecture(), parameters), batches,
                Math.ceilDiv(plan.sampling().batch(), workers), seedOf(plan, number));
    }

    private static long seedOf(TrainingPlan plan, int number) {
        SplittableRandom seeds = new SplittableRandom(plan.seed()).split();
        long seed = seeds.nextLong();
        for (int i = 0; i < number; i++) {
            seed = seeds.nextLong();
        }
        return seed;
    }

    /// @return steps that it can learn from: what its word counts
    public long steps() {
        return batches.steps();
    }

    /// @param weights in the order of [Network#parametersOf]
    /// @param update  from 0
    public Share take(float[] weights, int update) {
        System.arraycopy(weights, 0, parameters.values, 0, parameters.values.length);
        double loss = shard.takeGradient(Network.compile(plan.architecture(), parameters), update);
        double answers = plan.answers() / plan.sampling().batch() * shard.rows();
        Parameters gradient = parameters.zeros();
        gradient.add((float) (1 / answers), shard.gradient().values);
        return new Share(loss / answers, gradient.values);
    }

    /// Puts together what all workers gave, each by its share of all steps, as if they had drawn from one store.
    ///
    /// @param shares   by number: the sum is taken in that order
    /// @param steps    likewise
    /// @param gradient to be filled
    /// @return mean loss
    public static double average(List<Share> shares, long[] steps, Parameters gradient) {
        double all = 0;
        for (long each : steps) {
            all += each;
        }
        gradient.fill(0);
        double loss = 0;
        for (int i = 0; i < shares.size(); i++) {
            double part = steps[i] / all;
            loss += part * shares.get(i).loss;
            gradient.add((float) part, shares.get(i).gradient);
        }
        return loss;
    }
}
