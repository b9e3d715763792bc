package io.gatecast.app.command;

import io.gatecast.training.backtest.BacktestResult;
import io.gatecast.training.backtest.Metrics;
import io.gatecast.training.backtest.Metrics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The forecasters of a backtest side by side, as rows of text.
final class BacktestTable {
    private BacktestTable() {}

    /// @return a row of names, then a row a forecaster
    static List<List<String>> of(BacktestResult result) {
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("", "MASE", "sMAPE", "RMSE", "wQL", "MSIS"));
        for (Interval interval : result.metrics(0).intervals()) {
            String stated = percent(interval.stated());
            header.add(stated + " covers");
            header.add(stated + " width");
        }
        rows.add(header);
        for (int i = 0; i < result.contenders().size(); i++) {
            rows.add(row(result.contenders().get(i), result.metrics(i)));
        }
        return rows;
    }

    private static List<String> row(String name, Metrics metrics) {
        List<String> row = new ArrayList<>(List.of(name, number(metrics.mase()), number(metrics.smape()),
                number(metrics.rmse()), number(metrics.wql()), number(metrics.msis())));
        for (Interval interval : metrics.intervals()) {
            row.add(String.format(Locale.ROOT, "%.1f %%", 100 * interval.coverage()));
            row.add(number(interval.width()));
        }
        return row;
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.3g %%", 100 * share).replaceFirst("(\\.\\d*?)0+ ", "$1 ").replace(". ",
                " ");
    }

    /// @return four digits that count
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        double size = Math.abs(value);
        int digits = size >= 1000 || size == 0 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.1 ? 3 : 4;
        return String.format(Locale.ROOT, size > 0 && size < 0.01 ? "%.2e" : "%." + digits + "f", value);
    }

    /// @return lines of even columns
    static List<String> text(List<List<String>> rows) {
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0)).toArray();
        return rows.stream().map(row -> IntStream.range(0, row.size())
                .mapToObj(i -> String.format("%" + (i == 0 ? "-" : "") + widths[i] + "s", row.get(i)))
                .collect(Collectors.joining("  "))).toList();
    }
}
