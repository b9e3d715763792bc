package io.gatecast.training;

import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/// Gradients by the cores of this machine: each batch is cut into as many [Shard]s whatever their number.
final class Shards implements Gradients {
    private static final int SHARDS = 4;

    private final TrainingPlan plan;
    private final Batches batches;
    private final List<Shard> shards;
    private final ExecutorService threads;

    Shards(TrainingPlan plan, List<Track> tracks, ExecutorService threads) {
        this.plan = plan;
        this.batches = new Batches(tracks, plan.features().warmUp(), plan.sampling().seriesAlike());
        this.threads = threads;
        this.shards = shards(Network.compile(plan.architecture(), Network.parametersOf(plan.architecture())));
    }

    private List<Shard> shards(Network network) {
        SplittableRandom seeds = new SplittableRandom(plan.seed()).split();
        int rows = Math.ceilDiv(plan.sampling().batch(), SHARDS);
        List<Shard> made = new ArrayList<>();
        for (int left = plan.sampling().batch(); left > 0; left -= rows) {
            made.add(new Shard(plan, network, batches, Math.min(rows, left), seeds.nextLong()));
        }
        return made;
    }

    @Override
    public long steps() {
        return batches.steps();
    }

    @Override
    public double take(Network network, int update, Parameters gradient) {
        List<Future<Double>> losses = new ArrayList<>();
        for (Shard shard : shards) {
            losses.add(threads.submit(() -> shard.takeGradient(network, update)));
        }
        double answers = plan.answers();
        gradient.fill(0);
        double loss = 0;
        for (int i = 0; i < shards.size(); i++) {
            loss += resultOf(losses.get(i));
            gradient.add((float) (1 / answers), shards.get(i).gradient().values);
        }
        return loss / answers;
    }

    private static double resultOf(Future<Double> loss) {
        try {
            return loss.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("training failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("training was interrupted", e);
        }
    }
}
