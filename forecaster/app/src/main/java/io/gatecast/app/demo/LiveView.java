package io.gatecast.app.demo;

import io.gatecast.app.demo.Watch.Sight;
import io.gatecast.series.Forecast;
import io.gatecast.training.backtest.Score;
import io.gatecast.training.data.Series;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A line for each of a few series: what was observed, what is forecast, how good the forecasts were so far. On a terminal
/// the lines are written over; otherwise one is added now and then.
final class LiveView {
    private static final int LINES = 4;
    private static final long EVERY_MILLIS = 400;
    private static final long EVERY_MILLIS_PLAIN = 5000;

    private final DemoPlan plan;
    private final Watch watch;
    private final PrintWriter out;
    private final boolean terminal;
    private final List<String> shown;
    private long last = Long.MIN_VALUE;
    private int turn;
    private boolean drawn;

    LiveView(DemoPlan plan, Watch watch, PrintWriter out, boolean terminal) {
        this.plan = plan;
        this.watch = watch;
        this.out = out;
        this.terminal = terminal;
        List<Series> all = plan.all();
        this.shown = new ArrayList<>();
        for (int i = 0; i < Math.min(LINES, all.size()); i++) {
            shown.add(all.get(i * all.size() / Math.min(LINES, all.size())).id());
        }
    }

    /// Shows the state of things, if it is time to.
    void refresh() {
        long now = System.nanoTime() / 1_000_000;
        if (last != Long.MIN_VALUE && now - last < (terminal ? EVERY_MILLIS : EVERY_MILLIS_PLAIN)) {
            return;
        }
        last = now;
        if (terminal) {
            draw();
        } else {
            out.println(line(shown.get(turn++ % shown.size())));
            out.flush();
        }
    }

    /// Leaves the lines as they are, since something else was written below them.
    void startBelow() {
        drawn = false;
    }

    private void draw() {
        StringBuilder text = new StringBuilder(drawn ? "\033[" + shown.size() + "A" : "");
        for (String id : shown) {
            text.append("\r\033[K").append(line(id)).append('\n');
        }
        out.print(text);
        out.flush();
        drawn = true;
    }

    private String line(String seriesId) {
        Sight sight = watch.sight(seriesId);
        if (sight == null) {
            return String.format("  %-20s waiting for its first forecast", seriesId);
        }
        Forecast forecast = sight.forecast();
        int median = forecast.quantiles().length / 2;
        int steps = forecast.horizon();
        Score score = watch.ofSeries(seriesId);
        return String.format(Locale.ROOT,
                "  %-20s %s  %8s  next %s [%s, %s]  in %d: %s [%s, %s]  MASE %s (naive %s)  %s",
                seriesId, moment(forecast.origin()), number(sight.observed()), number(forecast.at(1, 0, median)),
                number(forecast.at(1, 0, 0)), number(forecast.at(1, 0, forecast.quantiles().length - 1)), steps,
                number(forecast.at(steps, 0, median)), number(forecast.at(steps, 0, 0)),
                number(forecast.at(steps, 0, forecast.quantiles().length - 1)), error(score.mase()),
                error(score.seasonalNaiveMase()), watch.skillOf(seriesId));
    }

    private String moment(long timestamp) {
        boolean days = plan.data().interval().compareTo(Duration.ofDays(1)) >= 0;
        return DateTimeFormatter.ofPattern(days ? "yyyy-MM-dd" : "HH:mm:ss", Locale.ROOT)
                .format(Instant.ofEpochMilli(timestamp).atOffset(ZoneOffset.UTC));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, Math.abs(value) < 1000 ? "%.2f" : "%.0f", value);
    }

    private static String error(double mase) {
        return Double.isNaN(mase) ? "-" : String.format(Locale.ROOT, "%.2f", mase);
    }
}
