package io.gatecast.training.backtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Forecast;
import io.gatecast.series.Model;
import io.gatecast.series.Outcome;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.training.backtest.BacktestPlan.Judged;
import io.gatecast.training.backtest.BacktestResult.Step;
import io.gatecast.training.baseline.Baseline;
import io.gatecast.training.data.Series;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BacktestTest {
    private static final int SEASON = 5;
    private static final int HORIZON = 4;
    private static final long STEP = 1000;

    private static Model model(int channels) {
        FeatureSpec spec = FeatureSpec.of(STEP, channels, List.of(SEASON), HORIZON);
        Architecture architecture = spec.architecture(List.of(new RecurrentLayer(CellKind.LSTM, 4)),
                List.of(0.05, 0.2, 0.5, 0.8, 0.95));
        return new Model("m", 1, 0, spec, Network.compile(architecture, Network.initialise(architecture, 1)));
    }

    private static Series series(String id, int channels, int length, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] timestamps = new long[length];
        double[][] values = new double[channels][length];
        for (int t = 0; t < length; t++) {
            timestamps[t] = t * STEP;
            for (int c = 0; c < channels; c++) {
                values[c][t] = 10 + 3 * Math.sin(2 * Math.PI * t / SEASON) + random.nextGaussian();
            }
        }
        return new Series(id, timestamps, values);
    }

    private static BacktestPlan plan(Judged judged, int every, Baseline... baselines) {
        return new BacktestPlan(judged, OptionalLong.empty(), every, SEASON, List.of(baselines), OptionalLong.empty(),
                1);
    }

    private static BacktestResult run(Series series, BacktestPlan plan) {
        return Backtest.run(model(series.channels()), List.of(series), plan, () -> {});
    }

    /// Against a second reckoning that goes by the formulas, from what the stream's forecaster says.
    @ParameterizedTest
    @CsvSource({"1, 1", "3, 1", "7, 2"})
    void theModelsMeasuresAreThoseOfItsForecastsInTheStream(int every, long seed) {
        Series series = series("s", 1, 140, seed);
        Metrics metrics = run(series, plan(new Judged.Last(40), every)).metrics(0);
        double[] y = series.values()[0];
        SeriesForecaster forecaster = new SeriesForecaster(model(1));
        SeriesState state = forecaster.open("s", null);
        double absolute = 0, square = 0, symmetric = 0, size = 0, score = 0, width = 0, pinball = 0;
        int inside = 0, n = 0;
        for (int t = 0; t < y.length - HORIZON; t++) {
            Forecast f = ((Outcome.Forecasted) forecaster.observe(state, series.observation(t))).forecast();
            for (int h = 1; h <= HORIZON && t >= 99 && (t - 99) % every == 0; h++) {
                double error = y[t + h] - f.at(h, 0, 2), low = f.at(h, 0, 0), high = f.at(h, 0, 4);
                absolute += Math.abs(error);
                square += error * error;
                symmetric += 200 * Math.abs(error) / (Math.abs(y[t + h]) + Math.abs(f.at(h, 0, 2)));
                size += Math.abs(y[t + h]);
                inside += y[t + h] >= low && y[t + h] <= high ? 1 : 0;
                width += high - low;
                score += high - low + 20 * (Math.max(0, low - y[t + h]) + Math.max(0, y[t + h] - high));
                for (int q = 0; q < 5; q++) {
                    double miss = y[t + h] - f.at(h, 0, q), level = f.quantiles()[q];
                    pinball += (miss > 0 ? level : level - 1) * miss / 5;
                }
                n++;
            }
        }
        double unit = 0;
        for (int t = SEASON; t < 100; t++) {
            unit += Math.abs(y[t] - y[t - SEASON]) / (100 - SEASON);
        }
        assertEquals(n, metrics.targets());
        assertEquals(absolute / n / unit, metrics.mase(), 1e-9);
        assertEquals(symmetric / n, metrics.smape(), 1e-9);
        assertEquals(Math.sqrt(square / n), metrics.rmse(), 1e-9);
        assertEquals(2 * pinball / size, metrics.wql(), 1e-6);
        assertEquals(pinball / n, metrics.pinball(), 1e-6);
        assertEquals(score / n / unit, metrics.msis(), 1e-5);
        assertEquals(0.9, metrics.intervals().getFirst().stated(), 1e-12);
        assertEquals(inside / (double) n, metrics.intervals().getFirst().coverage(), 1e-12);
        assertEquals(width / n / unit, metrics.intervals().getFirst().width(), 1e-9);
    }

    /// Of one channel, and as many targets at each step, the whole is the mean of the steps.
    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void theMeasuresByStepAddUpToTheWhole(long seed) {
        BacktestResult result = run(series("s", 1, 140, seed),
                plan(new Judged.Last(40), 1, Baseline.NAIVE, Baseline.SEASONAL_NAIVE));
        for (int i = 0; i < result.contenders().size(); i++) {
            Metrics whole = result.metrics(i);
            List<Step> steps = result.bySteps(i);
            assertEquals(whole.smape(), mean(steps, Step::smape), 1e-9);
            assertEquals(whole.scaledRmse(), Math.sqrt(mean(steps, step -> step.rmse() * step.rmse())), 1e-9);
            assertEquals(whole.msis(), mean(steps, Step::msis), 1e-9);
            assertEquals(whole.pinball() / whole.rmse(), mean(steps, Step::pinball) / whole.scaledRmse(), 1e-9);
            double sizes = mean(steps, step -> 2 * step.pinball() / step.wql());
            assertEquals(whole.wql(), 2 * mean(steps, Step::pinball) / sizes, 1e-9);
            for (int pair = 0; pair < whole.intervals().size(); pair++) {
                int of = pair;
                assertEquals(whole.intervals().get(of).stated(), steps.getFirst().intervals().get(of).stated());
                assertEquals(whole.intervals().get(of).coverage(),
                        mean(steps, step -> step.intervals().get(of).coverage()), 1e-9);
                assertEquals(whole.intervals().get(of).width(),
                        mean(steps, step -> step.intervals().get(of).width()), 1e-9);
            }
        }
    }

    private static double mean(List<Step> steps, ToDoubleFunction<Step> measure) {
        return steps.stream().mapToDouble(measure).average().orElseThrow();
    }

    /// Whoever saw a value before its time would say something else once it is another.
    @ParameterizedTest
    @ValueSource(ints = {100, 101, 120, 139})
    void nobodySeesAValueBeforeItsTime(int changed) {
        Series series = series("s", 1, 140, 3);
        Series other = new Series("s", series.timestamps(), new double[][]{series.values()[0].clone()});
        other.values()[0][changed] += 50;
        BacktestPlan upTo = new BacktestPlan(new Judged.From(80 * STEP), OptionalLong.of(changed * STEP), 1, SEASON,
                List.of(Baseline.values()), OptionalLong.empty(), 1);
        BacktestResult one = run(series, upTo);
        BacktestResult two = run(other, upTo);
        for (int i = 0; i < one.contenders().size(); i++) {
            assertEquals(one.metrics(i), two.metrics(i), one.contenders().get(i));
        }
    }

    @Test
    void everyStepAheadIsJudgedAtEveryOrigin() {
        BacktestResult result = run(series("s", 2, 140, 4), plan(new Judged.Last(40), 1, Baseline.NAIVE));
        assertEquals(40 - HORIZON + 1, result.origins());
        assertEquals(2L * HORIZON * result.origins(), result.metrics(0).targets());
        assertEquals(HORIZON, result.bySteps(1).size());
        double mean = result.bySteps(1).stream().mapToDouble(Step::error).average().orElseThrow();
        assertEquals(result.metrics(1).mase(), mean, 1e-9);
    }

    /// The naive forecast of a value that only ever rises by one.
    @Test
    void errorsOfARampAreItsSteps() {
        long[] timestamps = new long[60];
        double[] ramp = new double[60];
        Arrays.setAll(timestamps, t -> t * STEP);
        Arrays.setAll(ramp, t -> t);
        BacktestResult result = run(new Series("s", timestamps, new double[][]{ramp}),
                plan(new Judged.Last(20), 1, Baseline.NAIVE, Baseline.SEASONAL_NAIVE, Baseline.DRIFT));
        for (int h = 1; h <= HORIZON; h++) {
            assertEquals(h / (double) SEASON, result.bySteps(1).get(h - 1).error(), 1e-9);
            assertEquals(1, result.bySteps(2).get(h - 1).error(), 1e-9);
            assertEquals(0, result.bySteps(3).get(h - 1).error(), 1e-9);
        }
    }

    @Test
    void missingValuesAreNotJudgedAndDoNotStopAnybody() {
        Series series = series("s", 1, 140, 5);
        Series holes = new Series("s", series.timestamps(), new double[][]{series.values()[0].clone()});
        int missing = 0;
        for (int t = 30; t < 140; t += 7) {
            holes.values()[0][t] = Double.NaN;
            missing += t >= 100 ? 1 : 0;
        }
        BacktestResult result = run(holes, plan(new Judged.Last(40), 1, Baseline.NAIVE));
        assertTrue(missing > 0 && result.origins() < 37 && result.origins() >= 37 - missing, result.origins() + "");
        assertTrue(result.metrics(0).targets() < HORIZON * result.origins());
        assertTrue(Double.isFinite(result.metrics(0).mase()) && Double.isFinite(result.metrics(1).mase()));
    }

    @Test
    void aSeriesThatEndsTooEarlyIsNamed() {
        BacktestResult result = Backtest.run(model(1), List.of(series("long", 1, 140, 1), series("short", 1, 3, 1)),
                plan(new Judged.Last(20), 1), () -> {});
        assertEquals(List.of("short"), result.unjudged());
        assertEquals(1, result.judgedSeries());
    }

    @Test
    void nothingToJudgeIsSaid() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> run(series("s", 1, 140, 1), plan(new Judged.From(10_000 * STEP), 1)));
        assertTrue(String.valueOf(e.getMessage()).startsWith("nothing could be judged: none of the 1 series has the 4"),
                e.getMessage());
    }

    @Test
    void anotherNumberOfChannelsIsRefused() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Backtest.run(model(2),
                List.of(series("s", 1, 140, 1)), plan(new Judged.Last(20), 1), () -> {}));
        assertEquals("series s: expected 2 channels, as the model has, found 1", e.getMessage());
    }

    @Test
    void theOrderOfThreadsChangesNothing() {
        List<Series> many = java.util.stream.IntStream.range(0, 150).mapToObj(i -> series("s" + i, 1, 60 + i % 7, i))
                .toList();
        BacktestPlan plan = plan(new Judged.Last(20), 2, Baseline.values());
        BacktestResult one = Backtest.run(model(1), many, plan, () -> {});
        BacktestResult two = Backtest.run(model(1), many, plan, () -> {});
        for (int i = 0; i < one.contenders().size(); i++) {
            assertEquals(one.metrics(i), two.metrics(i));
            assertEquals(one.bySteps(i), two.bySteps(i));
        }
    }
}
