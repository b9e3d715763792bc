package io.gatecast.app.model;

import io.gatecast.avro.Measure;
import io.gatecast.series.Model;
import io.gatecast.training.backtest.HeadToHead;
import io.gatecast.training.backtest.Metrics;
import io.gatecast.training.data.Series;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// What a candidate has to pass before it takes the champion's place: on the same held-out end of the same series it must be
/// better by a margin.
///
/// @param by     what is measured
/// @param margin share of the champion's error by which the candidate's must be smaller, 0 to below 1
public record Gate(By by, double margin) {

    /// What is measured; of each, less is better.
    public enum By {
        MASE(Metrics::mase), SMAPE(Metrics::smape), WQL(Metrics::wql), PINBALL(Metrics::pinball), MSIS(Metrics::msis);

        private final ToDoubleFunction<Metrics> of;

        By(ToDoubleFunction<Metrics> of) {
            this.of = of;
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Gate {
        if (!(margin >= 0 && margin < 1)) {
            throw new IllegalArgumentException("margin: expected a share from 0 to below 1, found " + margin);
        }
    }

    /// What came of it.
    ///
    /// @param passed   whether the candidate may take the champion's place
    /// @param why      in a sentence
    /// @param measures the numbers behind it
    public record Verdict(boolean passed, String why, List<Measure> measures) {
        public Verdict {
            measures = List.copyOf(measures);
        }
    }

    /// @param champion  null-free: where there is none, there is no gate
    /// @param lastSteps of each series, which the candidate has not learned from; 0 = nothing was held out
    public Verdict judge(Model candidate, Model champion, List<Series> series, int lastSteps) {
        Optional<String> obstacle = HeadToHead.obstacle(candidate.features(), champion.features());
        if (obstacle.isPresent()) {
            return new Verdict(false, "it cannot be held against " + name(champion) + ": " + obstacle.get(), List.of());
        }
        if (lastSteps == 0) {
            return new Verdict(false, "nothing was held out by which it could be held against " + name(champion),
                    List.of());
        }
        HeadToHead both = HeadToHead.of(candidate, champion, series, lastSteps);
        double ours = by.of.applyAsDouble(both.candidate()), theirs = by.of.applyAsDouble(both.champion());
        boolean passed = ours <= theirs * (1 - margin) && ours < theirs;
        String why = String.format(Locale.ROOT, "%s %.4g against %.4g of %s on the last %d steps of each series, %s", by
                .label(), ours, theirs, name(champion), lastSteps, passed ? "better" : "not better")
                + (margin > 0 ? String.format(Locale.ROOT, " by %.3g %%", 100 * margin) : "");
        return new Verdict(passed, why, List.of(new Measure("candidate." + by.label(), ours),
                new Measure("champion." + by.label(), theirs),
                new Measure("champion.version", (double) champion.version()),
                new Measure("margin", margin), new Measure("steps", (double) lastSteps),
                new Measure("targets", (double) both.candidate().targets())));
    }

    private static String name(Model model) {
        return model.id() + "/" + model.version();
    }
}
