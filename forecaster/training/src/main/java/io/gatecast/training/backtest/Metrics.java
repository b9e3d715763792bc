package io.gatecast.training.backtest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// How good forecasts were. What is relative (MASE, sMAPE, MSIS, ...) is taken of each channel of each series first and
/// is the mean over these, as in the M4 competition (Makridakis, Spiliotis & Assimakopoulos 2020,
/// doi:10.1016/j.ijforecast.2019.04.014), so that each counts the same; what counts (coverage) and what is weighted by
/// size (RMSE, wQL) is taken over all targets together. The unit of a channel is its mean absolute seasonal difference
/// before the first origin, as in MASE (Hyndman & Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001).
///
/// @param targets     forecast values that came true
/// @param mase        mean absolute error of the median, in units
/// @param smape       mean of 200 |y - median| / (|y| + |median|), per cent
/// @param rmse        root of the mean squared error of the median, in the series' own units
/// @param scaledRmse  root of the mean squared error of each channel, in units
/// @param wql         weighted quantile loss, mean over the levels: twice the sum of the pinball losses over Σ|y|
/// @param pinball     mean pinball loss over the levels, in the series' own units
/// @param msis        mean scaled interval score of the outermost interval; NaN where there is none
/// @param standardMse mean squared error in units of the channel's standard deviation
/// @param standardMae mean absolute error likewise
/// @param calibration share of the targets at or below each level
/// @param intervals   outermost first
public record Metrics(long targets, double mase, double smape, double rmse, double scaledRmse, double wql,
        double pinball, double msis, double standardMse, double standardMae, List<Level> calibration,
        List<Interval> intervals) {

    /// @param level    stated
    /// @param observed share of the targets at or below it
    public record Level(double level, double observed) {}

    /// @param stated   coverage
    /// @param coverage share of the targets within
    /// @param width    mean, in units
    public record Interval(double stated, double coverage, double width) {}

    /// What one contender did on one channel of one series.
    ///
    /// @param unit      of MASE
    /// @param deviation of the values, for the standardised measures
    record Part(Tally tally, double unit, double deviation) {
        double mae() {
            return tally.absolute / tally.targets;
        }

        double mse() {
            return tally.square / tally.targets;
        }

        boolean counts() {
            return tally.targets > 0 && unit > 0;
        }
    }

    static Metrics of(double[] levels, Collection<Part> all) {
        List<Part> parts = all.stream().filter(Part::counts).toList();
        Tally sum = new Tally(levels);
        Tally scaled = new Tally(levels);
        for (Part part : parts) {
            sum.add(part.tally);
            for (int pair = 0; pair < scaled.width.length; pair++) {
                scaled.width[pair] += part.tally.width[pair] / part.tally.targets / part.unit / parts.size();
            }
        }
        double losses = 0;
        for (double loss : sum.pinball) {
            losses += loss / levels.length;
        }
        return new Metrics(sum.targets, mean(parts, part -> part.mae() / part.unit),
                mean(parts, part -> part.tally.symmetric / part.tally.targets), Math.sqrt(sum.square / sum.targets),
                mean(parts, part -> Math.sqrt(part.mse()) / part.unit), 2 * losses / sum.size, losses / sum.targets,
                sum.inside.length == 0
                        ? Double.NaN
                        : mean(parts, part -> part.tally.intervalScore[0] / part.tally.targets / part.unit),
                mean(parts, part -> part.mse() / (part.deviation * part.deviation)),
                mean(parts, part -> part.mae() / part.deviation), calibration(sum), intervals(sum, scaled.width));
    }

    private static double mean(List<Part> parts, ToDoubleFunction<Part> measure) {
        return parts.stream().mapToDouble(measure).average().orElse(Double.NaN);
    }

    private static List<Level> calibration(Tally sum) {
        List<Level> calibration = new ArrayList<>();
        for (int q = 0; q < sum.levels.length; q++) {
            calibration.add(new Level(sum.levels[q], sum.below[q] / (double) sum.targets));
        }
        return calibration;
    }

    private static List<Interval> intervals(Tally sum, double[] widths) {
        List<Interval> intervals = new ArrayList<>();
        for (int pair = 0; pair < sum.inside.length; pair++) {
            intervals.add(new Interval(1 - 2 * sum.levels[pair], sum.inside[pair] / (double) sum.targets,
                    widths[pair]));
        }
        return intervals;
    }
}
