package io.gatecast.training;

import io.gatecast.network.Architecture;
import io.gatecast.network.Ensemble;
import io.gatecast.network.Network;
import io.gatecast.network.optimise.Adam;
import io.gatecast.network.optimise.GradientClip;
import io.gatecast.network.optimise.LearningRate;
import io.gatecast.network.optimise.WeightAverage;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import io.gatecast.training.Tracks.Run;
import io.gatecast.training.data.Series;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Learns the weights of one global model, or of several that forecast together: batch, forward, back, update, until the
/// plan's limits. With a limit of epochs alone, the same plan over the same series gives the same weights to the bit.
public final class Trainer {
    private static final double RATE_WARM_UP = 0.02;
    private static final double LOSS_MEMORY = 0.95;
    /// Looks at what is held out, at even distances through a training.
    static final int CHECKS = 25;

    /// Hears how a training goes, on the thread that trains.
    @FunctionalInterface
    public interface Listener {
        /// @param done share of the training, 0 to 1
        /// @param loss mean loss, smoothed over the last updates
        void onUpdate(int update, double done, double loss);
    }

    /// How far a training had come.
    ///
    /// @param update  after so many
    /// @param rate    the optimiser's step
    /// @param loss    mean loss, smoothed over the last updates
    /// @param heldOut mean loss on what is held out; NaN where nothing is
    public record Progress(int update, double rate, double loss, double heldOut) {}

    /// What a training gave.
    ///
    /// @param features     what the network is fed
    /// @param network      the weights, compiled
    /// @param series       series learned from
    /// @param observations steps learned from
    /// @param updates      how often the weights were moved
    /// @param firstLoss    mean loss of the head at the first update, in the units of the plan's weights
    /// @param loss         likewise over the last updates
    /// @param took         wall time
    /// @param gradients    how it flowed
    /// @param course       how it went
    /// @param validation   how it does on the last steps of each series, which it has not seen; none where nothing was held
    ///                     out
    /// @param plan         by which
    /// @param range        event times learned from, those held out included
    public record Trained(FeatureSpec features, Network network, int series, long observations, int updates,
            double firstLoss, double loss, Duration took, GradientReport gradients, List<Progress> course,
            Validation validation, TrainingPlan plan, Range range) {

        /// @param effectiveFrom event time from which it counts, milliseconds since the epoch
        public Model model(String id, int version, long effectiveFrom) {
            return new Model(id, version, effectiveFrom, features, network);
        }
    }

    /// @param from milliseconds since the epoch
    /// @param to   likewise, the last
    public record Range(long from, long to) {
        public static Range of(List<Series> series) {
            return new Range(series.stream().mapToLong(each -> each.timestamps()[0]).min().orElseThrow(),
                    series.stream().mapToLong(each -> each.timestamps()[each.length() - 1]).max().orElseThrow());
        }
    }

    /// The weights that did best on what was held out; the last ones where nothing was.
    ///
    /// @param since looks that brought nothing better
    private record Best(Network network, double loss, int since) {
        /// @return the same, to be taken over by the next
        Best anew() {
            return new Best(network, Double.NaN, 0);
        }

        Best or(Network other, double otherLoss) {
            return Double.isNaN(loss) || otherLoss < loss
                    ? new Best(other, otherLoss, 0)
                    : new Best(network, loss,
                            since + 1);
        }
    }

    private record Learned(Network network, int updates, double firstLoss, double loss, Duration took,
            GradientReport gradients, List<Progress> course) {

        /// @return how it went with another network after it; the network is this one's
        Learned and(Learned next) {
            List<Progress> both = new ArrayList<>(course);
            next.course
                    .forEach(then -> both.add(new Progress(updates + then.update, then.rate, then.loss, then.heldOut)));
            return new Learned(network, updates + next.updates, firstLoss, next.loss, took.plus(next.took),
                    gradients.and(next.gradients, updates), both);
        }
    }

    private final TrainingPlan plan;
    private final HeldOut heldOut;
    private final Imputation imputation;
    private final Architecture architecture;

    private Trainer(TrainingPlan plan, List<Track> tracks) {
        this.plan = plan;
        this.heldOut = new HeldOut(tracks, plan);
        this.imputation = new Imputation(plan.features(), tracks);
        this.architecture = plan.architecture();
    }

    /// Learns from everything but the end of each series, which is held out: the weights that do best on it are kept, so a
    /// training that goes on for too long does no harm.
    ///
    /// @throws IllegalArgumentException if the series do not fit the plan or are too short to learn from
    public static Trained train(TrainingPlan plan, List<Series> series, Listener listener) {
        try {
            return train(plan, series, listener, Checkpoints.NONE);
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is written", e);
        }
    }

    /// Where a training is kept, so that it can go on after an interruption.
    ///
    /// @param file   written at every look at what is held out; null = not kept
    /// @param resume whether to go on from what the file holds
    public record Checkpoints(@Nullable Path file, boolean resume) {
        public static final Checkpoints NONE = new Checkpoints(null, false);

        /// Each network of an ensemble has a file of its own; the first one's is the file itself. One that was never begun
        /// begins.
        ///
        /// @param index from 0
        Checkpoints ofMember(int index) {
            if (file == null || index == 0) {
                return this;
            }
            Path own = file.resolveSibling(file.getFileName() + "." + (index + 1));
            return new Checkpoints(own, resume && Files.exists(own));
        }
    }

    /// As [#train(TrainingPlan, List, Listener)], kept in a file on the way. A training of epochs alone that was interrupted
    /// and resumed gives the same weights as one that was not, to the bit.
    ///
    /// @throws IOException with a sentence, if the checkpoint cannot be written, or read, or is of another training
    public static Trained train(TrainingPlan plan, List<Series> series, Listener listener, Checkpoints checkpoints)
            throws IOException {
        List<Learned> members = new ArrayList<>();
        List<Track> tracks = List.of();
        long steps = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(plan.threads())) {
            for (int m = 0; m < plan.members(); m++) {
                tracks = tracks(plan, series); // anew, since a training fills in what is missing
                TrainingPlan own = plan.member(m);
                Gradients gradients = new Shards(own, tracks, threads);
                members.add(new Trainer(own, tracks).learn(gradients, threads,
                        ofMember(m, plan.members(), members, listener), checkpoints.ofMember(m)));
                steps = gradients.steps();
            }
        }
        return trained(plan, series, tracks, steps, members);
    }

    private static Listener ofMember(int index, int members, List<Learned> before, Listener listener) {
        int updates = before.stream().mapToInt(Learned::updates).sum();
        return (update, done, loss) -> listener.onUpdate(updates + update, (index + done) / members, loss);
    }

    /// As [#train(TrainingPlan, List, Listener)], but learns from what others hold: see [Worker].
    ///
    /// @param series by which it is judged: their ends, which no worker may learn from, and their first steps. What they miss
    ///               is filled in as serving does; what workers hold is filled in by the season's mean course alone.
    /// @throws IllegalArgumentException if several networks are asked for
    public static Trained train(TrainingPlan plan, List<Series> series, Gradients gradients, Listener listener) {
        if (plan.members() > 1) {
            throw new IllegalArgumentException(
                    "members: expected 1 of a training by several workers, found " + plan.members());
        }
        List<Track> tracks = tracks(plan, series);
        try (ExecutorService threads = Executors.newFixedThreadPool(plan.threads())) {
            Learned learned = new Trainer(plan, tracks).learn(gradients, threads, listener, Checkpoints.NONE);
            return trained(plan, series, tracks, gradients.steps(), List.of(learned));
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is written", e);
        }
    }

    private static Trained trained(TrainingPlan plan, List<Series> series, List<Track> tracks, long steps,
            List<Learned> members) {
        Learned learned = members.stream().reduce(Learned::and).orElseThrow();
        Network network = together(plan, members);
        Model model = new Model("validation", 1, 0, plan.featuresOfAll(), network);
        int heldOut = tracks.stream().mapToInt(track -> track.heldOut().count()).filter(count -> count > 0).min()
                .orElse(0);
        Validation validation = heldOut == 0 ? Validation.NONE : Validation.of(model, series, heldOut);
        return new Trained(ColdStarts.learned(model, tracks), network, series.size(), steps, learned.updates(),
                learned.firstLoss(), learned.loss(), learned.took(), learned.gradients(), learned.course(), validation,
                plan, Range.of(series));
    }

    private static Network together(TrainingPlan plan, List<Learned> members) {
        if (members.size() == 1) {
            return members.getFirst().network();
        }
        Ensemble ensemble = new Ensemble(plan.architecture(), members.size());
        return Network.compile(ensemble.architecture(),
                ensemble.merge(members.stream().map(member -> member.network().parameters()).toList()));
    }

    static List<Track> tracks(TrainingPlan plan, List<Series> series) {
        Tracks grid = new Tracks(plan.features());
        int horizon = plan.features().horizon();
        List<Track> tracks = new ArrayList<>();
        for (Series each : series) {
            List<Run> runs = grid.of(each.resampled(plan.features().resampling(), plan.features().intervalMillis()));
            for (int i = 0; i < runs.size(); i++) {
                int length = runs.get(i).length();
                int heldOut = i == runs.size() - 1 ? plan.heldOut(length) : 0;
                if (length > Math.max(horizon, heldOut) + 1) {
                    tracks.add(new Track(plan.features(), runs.get(i), heldOut, plan.levelWeight()));
                }
            }
        }
        if (tracks.isEmpty()) {
            throw new IllegalArgumentException("too little data: none of the " + series.size()
                    + " series has more than the " + horizon + " steps of the horizon, and of what is held out, in one"
                    + " run without a long gap; check that the interval, " + Duration.ofMillis(
                            plan.features().intervalMillis())
                    + ", is that of the data");
        }
        return tracks;
    }

    /// Which training this is, in words: what a checkpoint must agree with.
    private String inWords(long steps) {
        return steps + " steps, " + architecture + ", " + new TreeMap<>(plan.choices());
    }

    private Checkpoint fresh() {
        Parameters parameters = Network.initialise(architecture, plan.seed());
        Network network = Network.compile(architecture, parameters.copy());
        return new Checkpoint(parameters, new Adam(parameters.size()).moments(), network.parameters(),
                heldOut.loss(network), 0, 0, Duration.ZERO, Double.NaN, Double.NaN, List.of(),
                new GradientReport(0, 0, List.of()), parameters.zeros().values, imputation.place());
    }

    private Learned learn(Gradients source, ExecutorService threads, Listener listener, Checkpoints checkpoints)
            throws IOException {
        Path file = checkpoints.file();
        Checkpoint begin = file != null && checkpoints.resume()
                ? Checkpoint.read(file, Network.parametersOf(architecture), inWords(source.steps()))
                : fresh();
        Parameters parameters = begin.parameters();
        Parameters gradient = parameters.zeros();
        Network network = Network.compile(architecture, parameters.copy());
        Adam adam = new Adam(parameters.size(), plan.optimiser().weightDecay());
        adam.recall(begin.adam());
        WeightAverage average = new WeightAverage(parameters.size(), plan.optimiser().memory());
        average.recall(begin.average(), begin.update());
        imputation.recall(begin.filled());
        LearningRate rate = new LearningRate(plan.optimiser().learningRate(), RATE_WARM_UP);
        long start = System.nanoTime() - begin.took().toNanos();
        Best best = new Best(Network.compile(architecture, begin.best()), begin.bestLoss(), begin.since());
        List<Progress> course = new ArrayList<>(begin.course());
        GradientWatch gradients = new GradientWatch(parameters, plan.optimiser().clip());
        gradients.recall(begin.gradients());
        double first = begin.firstLoss();
        double smoothed = begin.loss();
        int update = begin.update();
        int checks = course.size();
        int patience = plan.limits().patience().orElse(Integer.MAX_VALUE);
        for (double done = done(source.steps(), update, start); done < 1
                && best.since() < patience; done = done(source.steps(), update, start)) {
            double loss = source.take(network, update, gradient);
            gradients.take(update, loss, gradient, rate.at(done));
            GradientClip.clip(gradient, plan.optimiser().clip());
            adam.update(parameters, gradient, rate.at(done));
            average.take(parameters);
            network = Network.compile(architecture, parameters.copy());
            first = update == 0 ? loss : first;
            smoothed = update == 0 ? loss : LOSS_MEMORY * smoothed + (1 - LOSS_MEMORY) * loss;
            update++;
            double now = Math.min(1, done(source.steps(), update, start));
            if (now * CHECKS >= checks + 1) {
                checks = (int) (now * CHECKS);
                Network averaged = plan.optimiser().memory() == 0
                        ? network
                        : Network.compile(architecture, average.of(parameters));
                if (imputation.fillIn(averaged, now, update * plan.judged(), threads)) {
                    best = best.anew();
                }
                double judged = heldOut.loss(averaged);
                best = best.or(averaged, judged);
                course.add(new Progress(update, rate.at(done), smoothed, judged));
                gradients.note(update);
                if (file != null) {
                    new Checkpoint(parameters, adam.moments(), best.network().parameters(), best.loss(), best.since(),
                            update, Duration.ofNanos(System.nanoTime() - start), first, smoothed, course,
                            gradients.report(), average.sum(), imputation.place()).write(file, inWords(source.steps()));
                }
            }
            listener.onUpdate(update, now, smoothed);
        }
        return new Learned(best.network(), update, first, smoothed, Duration.ofNanos(System.nanoTime() - start),
                gradients.report(), course);
    }

    /// @return share of the training that is done, by whichever limit is nearer
    private double done(long steps, int updates, long start) {
        double byTime = (System.nanoTime() - start) / (double) plan.limits().maxTime().toNanos();
        if (plan.limits().epochs().isEmpty()) {
            return byTime;
        }
        double perEpoch = Math.max(1, (double) steps / plan.judged());
        return Math.max(byTime, updates / (perEpoch * plan.limits().epochs().getAsInt()));
    }
}
