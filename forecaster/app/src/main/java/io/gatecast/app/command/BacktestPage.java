package io.gatecast.app.command;

import io.gatecast.app.page.Page;
import io.gatecast.app.page.Page.Band;
import io.gatecast.app.page.Page.Chart;
import io.gatecast.app.page.Page.Line;
import io.gatecast.app.page.Page.Table;
import io.gatecast.series.Model;
import io.gatecast.training.backtest.BacktestPlan;
import io.gatecast.training.backtest.BacktestResult;
import io.gatecast.training.backtest.BacktestResult.OfSeries;
import io.gatecast.training.backtest.BacktestResult.Step;
import io.gatecast.training.backtest.Metrics;
import io.gatecast.training.backtest.Metrics.Interval;
import io.gatecast.training.backtest.Metrics.Level;
import io.gatecast.training.backtest.SeriesResult.Example;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// A backtest as a page: forecasts to look at, errors and coverage by step ahead, calibration, and the same in numbers.
final class BacktestPage {
    private static final int MOST_SERIES = 40;

    private final BacktestResult result;
    private final List<OfSeries> bySeries;

    private BacktestPage(BacktestResult result) {
        this.result = result;
        this.bySeries = result.bySeries(0);
    }

    static Page of(Model model, String data, BacktestPlan plan, BacktestResult result) {
        return new BacktestPage(result).page(model, data, plan);
    }

    private Page page(Model model, String data, BacktestPlan plan) {
        List<List<String>> rows = BacktestTable.of(result);
        List<Chart> charts = new ArrayList<>(fans());
        charts.add(bySteps("Error by step ahead", "MASE", Step::error));
        charts.add(bySteps("Quantile loss by step ahead", "weighted quantile loss", Step::wql));
        if (!result.metrics(0).intervals().isEmpty()) {
            charts.add(coverage());
            charts.add(bySteps("Width of the outermost interval by step ahead", "width, in units of MASE",
                    Step::width));
            charts.add(calibration());
        }
        return new Page("Backtest of " + model.id() + "/" + model.version(), List.of(
                String.format(Locale.ROOT,
                        "%s: %,d series, %,d origins, %s, each with a forecast of the next %d.", data,
                        result.judgedSeries(), result.origins(),
                        plan.every() == 1 ? "one a step" : "one every " + plan.every() + " steps",
                        result.horizon()),
                verdict(),
                "The forecasters were led through the series event by event and shown nothing before its time; the"
                        + " model is the one that serves the stream, with its calibration. MASE counts errors in units of"
                        + " the mean change over " + plan.season() + " steps before the first origin: less is better.",
                "Not in this page: how long a forecast takes, and what happens when data comes late."),
                charts, List.of(new Table("Forecasters", rows.getFirst(), rows.subList(1, rows.size())),
                        stepTable(), seriesTable()));
    }

    private String verdict() {
        double model = result.metrics(0).mase();
        StringBuilder verdict = new StringBuilder();
        for (int i = 1; i < result.contenders().size(); i++) {
            double skill = 100 * (1 - model / result.metrics(i).mase());
            verdict.append(String.format(Locale.ROOT, "%s%.1f %% %s than %s", i == 1 ? "By MASE, the model is " : ", ",
                    Math.abs(skill), skill >= 0 ? "better" : "worse", result.contenders().get(i)));
        }
        return verdict.isEmpty() ? "There is no baseline to compare with." : verdict.append('.').toString();
    }

    /// The best, the median and the worst series.
    private List<Chart> fans() {
        int last = bySeries.size() - 1;
        List<String> names = last == 0
                ? List.of("The series")
                : last == 1 ? List.of("Best", "Worst") : List.of("Best", "Median", "Worst");
        List<Chart> fans = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            OfSeries each = bySeries.get(names.size() == 1 ? 0 : i * last / (names.size() - 1));
            Example example = result.example(each.id());
            if (example != null) {
                fans.add(fan(String.format(Locale.ROOT, "%s: %s, MASE %.3g, its forecast of %s", names.get(i),
                        each.id(), each.metrics().mase(), Instant.ofEpochMilli(example.origin())), example));
            }
        }
        return fans;
    }

    private Chart fan(String title, Example example) {
        int before = example.before().length, after = example.after().length;
        double[] x = IntStream.range(0, before + after).mapToDouble(i -> i + 1 - before).toArray();
        double[] observed = Arrays.copyOf(example.before(), before + after);
        System.arraycopy(example.after(), 0, observed, before, after);
        List<Line> lines = new ArrayList<>(List.of(new Line("observed", observed)));
        double[] levels = result.levels();
        int median = Arrays.binarySearch(levels, 0.5);
        lines.add(new Line("median", ahead(example, median)));
        List<Band> bands = new ArrayList<>();
        for (int pair = 0; pair < result.metrics(0).intervals().size(); pair++) {
            int upper = levels.length - 1 - pair;
            bands.add(new Band(lines.size(), lines.size() + 1));
            lines.add(new Line(BacktestTable.percent(levels[pair]), ahead(example, pair)));
            lines.add(new Line(BacktestTable.percent(levels[upper]), ahead(example, upper)));
        }
        return new Chart(title, "steps from the origin", "value", false, x, lines, bands);
    }

    private static double[] ahead(Example example, int quantile) {
        int before = example.before().length, after = example.after().length;
        double[] line = new double[before + after];
        Arrays.fill(line, Double.NaN);
        System.arraycopy(example.quantiles()[quantile], 0, line, before, after);
        return line;
    }

    private Chart bySteps(String title, String yLabel, ToDoubleFunction<Step> measure) {
        double[] x = IntStream.rangeClosed(1, result.horizon()).asDoubleStream().toArray();
        List<Line> lines = IntStream.range(0, result.contenders().size())
                .mapToObj(i -> new Line(result.contenders().get(i),
                        result.bySteps(i).stream().mapToDouble(measure).toArray()))
                .toList();
        return new Chart(title, "steps ahead", yLabel, false, x, lines);
    }

    private Chart coverage() {
        Chart chart = bySteps("Coverage of the outermost interval by step ahead", "covered", Step::coverage);
        double[] stated = new double[result.horizon()];
        Arrays.fill(stated, result.metrics(0).intervals().getFirst().stated());
        List<Line> lines = new ArrayList<>(chart.lines());
        lines.add(Line.dashed("as stated", stated));
        return new Chart(chart.title(), chart.xLabel(), chart.yLabel(), false, chart.x(), lines);
    }

    private Chart calibration() {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < result.contenders().size(); i++) {
            Metrics metrics = result.metrics(i);
            lines.add(new Line(result.contenders().get(i),
                    metrics.calibration().stream().mapToDouble(Level::observed).toArray()));
        }
        lines.add(Line.dashed("as stated", result.levels()));
        return new Chart("Calibration: share of the values at or below each quantile", "level", "at or below it", false,
                result.levels(), lines);
    }

    private Table stepTable() {
        List<List<String>> rows = result.bySteps(0).stream()
                .map(step -> row(List.of(String.valueOf(step.step())), step.error(), step.smape(), step.rmse(),
                        step.wql(), step.msis(), step.intervals()))
                .toList();
        return new Table("The model by step ahead", header(List.of("ahead"), "RMSE, in units"), rows);
    }

    private List<String> header(List<String> of, String rmse) {
        List<String> header = new ArrayList<>(of);
        header.addAll(List.of("MASE", "sMAPE", rmse, "wQL", "MSIS"));
        result.metrics(0).intervals().forEach(interval -> {
            header.add(BacktestTable.percent(interval.stated()) + " covers");
            header.add(BacktestTable.percent(interval.stated()) + " width");
        });
        return header;
    }

    private static List<String> row(List<String> of, double mase, double smape, double rmse, double wql, double msis,
            List<Interval> intervals) {
        List<String> row = new ArrayList<>(of);
        for (double number : new double[]{mase, smape, rmse, wql, msis}) {
            row.add(BacktestTable.number(number));
        }
        for (Interval interval : intervals) {
            row.add(String.format(Locale.ROOT, "%.1f %%", 100 * interval.coverage()));
            row.add(BacktestTable.number(interval.width()));
        }
        return row;
    }

    private Table seriesTable() {
        boolean all = bySeries.size() <= MOST_SERIES;
        List<OfSeries> shown = all
                ? bySeries
                : bySeries.subList(bySeries.size() - MOST_SERIES, bySeries.size());
        List<List<String>> rows = shown.reversed().stream().map(each -> {
            Metrics m = each.metrics();
            return row(List.of(each.id(), String.valueOf(each.origins())), m.mase(), m.smape(), m.rmse(), m.wql(),
                    m.msis(), m.intervals());
        }).toList();
        List<String> header = header(List.of("series", "origins"), "RMSE");
        return new Table(all
                ? "The model by series, the worst first"
                : "The model on the " + MOST_SERIES
                        + " worst series",
                header, rows);
    }
}
