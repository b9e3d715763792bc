package io.gatecast.training.diagnose;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.SequenceBatch;
import io.gatecast.network.SequenceLoss;
import io.gatecast.network.SequencePass;
import io.gatecast.network.optimise.Adam;
import io.gatecast.network.optimise.GradientClip;
import io.gatecast.network.tensor.Parameters;
import java.util.List;
import java.util.SplittableRandom;

/// The adding problem of Hochreiter & Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735, in the form of Le, Jaitly &
/// Hinton (2015), arXiv:1504.00941: at each of T steps a number from (0, 1) and a mark, which is 1 at one step of either
/// half and else 0; after the last step the sum of the two marked numbers is asked for. Whoever always says 1 is wrong by
/// a mean square of 1/6; whoever does better remembers over T/2 steps and more.
public final class AddingProblem {
    /// Mean squared error of always saying 1, the mean of the sum: its variance, 2/12.
    public static final double WITHOUT_MEMORY = 1.0 / 6;
    private static final double SOLVED = 0.01;
    private static final int TESTED = 500;
    private static final int CHECK_EVERY = 100;

    /// What is tried.
    ///
    /// @param cell    kind of the one recurrent layer
    /// @param units   H
    /// @param length  steps, T
    /// @param batch   sequences to an update
    /// @param updates at most; a run that has solved the problem ends before
    /// @param rate    of Adam
    /// @param clip    longest gradient
    /// @param forgetBias that a forget gate starts with, where there is one
    /// @param seed    fixes weights and sequences
    public record Setting(CellKind cell, int units, int length, int batch, int updates, double rate, double clip,
            double forgetBias, long seed) {
        public Setting {
            require(!cell.isConvolutional(), "cell: expected one without a grid, found " + cell.label());
            require(units > 0, "hidden: expected at least 1, found " + units);
            require(length > 1, "length: expected at least 2, found " + length);
            require(batch > 0, "batch: expected at least 1, found " + batch);
            require(updates > 0, "updates: expected at least 1, found " + updates);
            require(rate > 0 && Double.isFinite(rate), "learning rate: expected a number above 0, found " + rate);
            require(clip > 0, "clip: expected more than 0, found " + clip);
            require(Double.isFinite(forgetBias), "forget bias: expected a number, found " + forgetBias);
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalArgumentException(otherwise);
            }
        }
    }

    /// What came of it.
    ///
    /// @param error   mean squared error on sequences not seen before; NaN if a gradient exploded beyond float32, which
    ///                ended the run
    /// @param updates taken
    /// @param clipped of these, with a gradient that was shortened
    public record Result(Setting setting, double error, int updates, int clipped) {
        /// @return whether a gradient was not finite, so that no update could be made of it
        public boolean diverged() {
            return Double.isNaN(error);
        }

        /// @return whether the error is below a hundredth
        public boolean solved() {
            return error < SOLVED;
        }
    }

    /// Hears how a run goes, on the thread that runs it.
    @FunctionalInterface
    public interface Listener {
        void onUpdate(int update);
    }

    private final Setting setting;
    private final Architecture architecture;
    private final SplittableRandom random;
    private final SequenceBatch batch;

    AddingProblem(Setting setting) {
        this.setting = setting;
        this.architecture = new Architecture(2, List.of(new RecurrentLayer(setting.cell, setting.units)),
                new HeadShape(HeadKind.POINT, 1, 1, 1, List.of(0.5)));
        this.random = new SplittableRandom(setting.seed);
        this.batch = batch(setting.batch);
    }

    /// Learns and is tested.
    public static Result solve(Setting setting, Listener listener) {
        return new AddingProblem(setting).solve(listener);
    }

    /// Only the last step is judged.
    private SequenceBatch batch(int sequences) {
        return new SequenceBatch(architecture, setting.length, setting.length - 1, sequences);
    }

    private Result solve(Listener listener) {
        Parameters parameters = Network.initialise(architecture, setting.seed);
        ForgetBias.set(parameters, "layer0", setting.cell, setting.units, setting.forgetBias);
        Parameters gradient = parameters.zeros();
        Network network = Network.compile(architecture, parameters.copy());
        SequenceLoss loss = new SequenceLoss(network, batch);
        Adam adam = new Adam(parameters.size());
        int clipped = 0;
        int update = 0;
        double error = error(network);
        while (update < setting.updates && error >= SOLVED / 10) {
            gradient.fill(0);
            fill(batch);
            loss.addGradient(network, batch, gradient);
            double norm = GradientClip.clip(gradient, setting.clip);
            if (!Double.isFinite(norm)) {
                return new Result(setting, Double.NaN, update, clipped);
            }
            clipped += norm > setting.clip ? 1 : 0;
            adam.update(parameters, gradient, setting.rate);
            network = Network.compile(architecture, parameters.copy());
            update++;
            if (update % CHECK_EVERY == 0 || update == setting.updates) {
                error = error(network);
            }
            listener.onUpdate(update);
        }
        // Drawn anew: the sequences that ended the run were chosen for their small error.
        return new Result(setting, error(network), update, clipped);
    }

    /// @return sequences not seen before
    SequenceBatch sequences(int count) {
        SequenceBatch sequences = batch(count);
        fill(sequences);
        return sequences;
    }

    private void fill(SequenceBatch sequences) {
        int half = setting.length / 2;
        for (int n = 0; n < sequences.batch; n++) {
            int first = random.nextInt(half), second = half + random.nextInt(setting.length - half);
            double sum = 0;
            for (int t = 0; t < setting.length; t++) {
                int at = (t * sequences.batch + n) * 2;
                double value = random.nextDouble();
                boolean marked = t == first || t == second;
                sequences.inputs[at] = (float) value;
                sequences.inputs[at + 1] = marked ? 1 : 0;
                sum += marked ? value : 0;
            }
            sequences.bases[n] = 1; // what is said without memory
            sequences.targets[n] = (float) sum;
            sequences.weights[n] = 1f / sequences.batch;
        }
    }

    private double error(Network network) {
        SequenceBatch fresh = sequences(TESTED);
        float[] answers = new float[TESTED];
        new SequencePass(network, fresh).answers(network, fresh, answers);
        double sum = 0;
        for (int n = 0; n < TESTED; n++) {
            double miss = answers[n] - (double) fresh.targets[n];
            sum += miss * miss;
        }
        return sum / TESTED;
    }
}
