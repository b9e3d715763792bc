package io.gatecast.streams;

import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Measure;
import io.gatecast.avro.Model;
import io.gatecast.avro.Scope;
import io.gatecast.avro.State;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Holds a canary against its champion, and a champion against its own past, by the evaluations that come. What it finds is
/// only said; whoever asks writes the event. For one thread.
///
/// Canary and champion judge different series, so errors count in units of seasonal naive's on the same targets, where there is
/// a season: a share of hard series is hard for the simple forecast, too.
final class Overseer {
    private static final int PARTS = 24; // of the window, which is forgotten part by part
    private static final int TOGETHER = 32; // evaluations whose mean is one error for the drift test
    private static final double TOLERANCE = 0.1;
    private static final double LIMIT = 1;

    private final OversightRules rules;
    private final long part;
    private final Map<String, Evidence> evidence = new HashMap<>();

    Overseer(OversightRules rules) {
        this.rules = rules;
        this.part = Math.max(1, rules.window().toMillis() / PARTS);
    }

    /// What was found.
    sealed interface Finding {
        /// A canary is worse than its champion.
        record WorseCanary(Model canary, String why, List<Measure> measures) implements Finding {}

        /// A champion is worse than it was.
        record Drift(Model champion, String why, List<Measure> measures) implements Finding {}
    }

    /// What is known of one version's errors.
    private static final class Evidence {
        /// Part of the window -> targets, sum of MASE, targets with a season, sums of MASE and seasonal naive's in these.
        private final TreeMap<Long, double[]> parts = new TreeMap<>();
        private PageHinkley test = new PageHinkley(TOLERANCE, LIMIT);
        private double sum;
        private int count;

        void add(long part, Evaluation one, double mase) {
            double[] sums = parts.computeIfAbsent(part, fresh -> new double[5]);
            sums[0] += one.getTargets();
            sums[1] += mase * one.getTargets();
            if (one.getSeasonalNaiveMase() != null) {
                sums[2] += one.getTargets();
                sums[3] += mase * one.getTargets();
                sums[4] += one.getSeasonalNaiveMase() * one.getTargets();
            }
        }

        double[] since(long part) {
            parts.headMap(part, true).clear();
            double[] total = new double[5];
            for (double[] sums : parts.values()) {
                for (int i = 0; i < total.length; i++) {
                    total[i] += sums[i];
                }
            }
            return total;
        }

        /// @return whether the error has risen
        boolean drifts(double mase) {
            sum += mase;
            if (++count < TOGETHER) {
                return false;
            }
            double error = sum / count;
            sum = 0;
            count = 0;
            return test.add(error);
        }
    }

    /// Takes an evaluation of a series' next step; others say nothing here.
    ///
    /// @param now who is champion and who is tried
    Optional<Finding> take(Evaluation one, Registrations now) {
        Double mase = one.getMase();
        if (one.getScope() != Scope.SERIES || one.getHorizon() != 1 || mase == null
                || one.getColdTargets() >= one.getTargets()) {
            return Optional.empty();
        }
        Evidence of = evidence.computeIfAbsent(one.getModelId() + "/" + one.getModelVersion(), key -> new Evidence());
        long newest = Math.floorDiv(one.getWindowEnd().toEpochMilli() - 1, part);
        of.add(newest, one, mase);
        Optional<Model> champion = now.champion(one.getModelId());
        Optional<Finding> worse = champion.isEmpty()
                ? Optional.empty()
                : now.latest(one.getModelId(), State.CANARY)
                        .flatMap(canary -> compare(canary, champion.get(), newest - PARTS));
        return worse.isPresent() ? worse : champion.flatMap(model -> drift(of, one, model, mase));
    }

    private Optional<Finding> compare(Model canary, Model champion, long since) {
        Evidence of = evidence.get(ModelRecords.keyOf(canary)), against = evidence.get(ModelRecords.keyOf(champion));
        if (rules.margin().isEmpty() || of == null || against == null) {
            return Optional.empty();
        }
        double[] tried = of.since(since), trusted = against.since(since);
        if (tried[0] < rules.targets() || trusted[0] < rules.targets()) {
            return Optional.empty();
        }
        boolean seasonal = tried[2] > 0 && trusted[2] > 0 && tried[4] > 0 && trusted[4] > 0;
        double ours = seasonal ? tried[3] / tried[4] : tried[1] / tried[0];
        double theirs = seasonal ? trusted[3] / trusted[4] : trusted[1] / trusted[0];
        double margin = rules.margin().get();
        if (ours <= theirs * (1 + margin)) {
            return Optional.empty();
        }
        String measure = seasonal ? "error in units of seasonal naive's" : "MASE";
        return Optional.of(new Finding.WorseCanary(canary, String.format(Locale.ROOT,
                "online %s %.4g over %.0f targets, %s has %.4g over %.0f: worse by more than %.3g %%", measure, ours,
                tried[0], ModelRecords.keyOf(champion), theirs, trusted[0], 100 * margin),
                List.of(new Measure("canary.error", ours), new Measure("champion.error", theirs),
                        new Measure("canary.targets", tried[0]), new Measure("champion.targets", trusted[0]),
                        new Measure("margin", margin))));
    }

    private Optional<Finding> drift(Evidence of, Evaluation one, Model champion, double mase) {
        if (!rules.drift() || champion.getVersion() != one.getModelVersion() || !of.drifts(mase)) {
            return Optional.empty();
        }
        double before = of.test.mean();
        of.test = new PageHinkley(TOLERANCE, LIMIT); // what is so now is the new usual
        return Optional.of(new Finding.Drift(champion, String.format(Locale.ROOT,
                "the online MASE of %s has risen above its mean of %.4g (Page-Hinkley)", ModelRecords.keyOf(champion),
                before), List.of(new Measure("mean.mase", before))));
    }
}
