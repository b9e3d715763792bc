package io.gatecast.app.look;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A fan chart in characters: what came, then the quantiles of what is forecast as shades around the median.
///
///     ●  observed        ─  median         ▓ ▒ ░  from the inner quantiles to the outer
public final class FanText {
    private static final char OBSERVED = '●';
    private static final char MEDIAN = '─';
    private static final char[] SHADES = {'░', '▒', '▓'};
    private static final int LABEL = 10;

    private FanText() {}

    /// @param series  as `/series/{id}` tells it
    /// @param channel of it
    /// @param width   columns, at least 30
    /// @param height  lines of the chart, at least 4
    /// @return lines
    public static List<String> draw(JsonNode series, int channel, int width, int height) {
        double[][] fan = fan(series.at("/forecast/values").path(channel));
        double[] observed = numbers(series.at("/observations/values").path(channel));
        int horizon = fan[0].length, room = Math.max(8, width - LABEL - 1);
        int ahead = Math.min(horizon, room / 2), behind = Math.min(observed.length, room - ahead - 1);
        double[] seen = Arrays.copyOfRange(observed, observed.length - behind, observed.length);
        double low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
        for (double value : seen) {
            low = Double.isNaN(value) ? low : Math.min(low, value);
            high = Double.isNaN(value) ? high : Math.max(high, value);
        }
        for (int h = 0; h < ahead; h++) {
            low = Math.min(low, fan[0][h]);
            high = Math.max(high, fan[fan.length - 1][h]);
        }
        if (!(high > low)) {
            low -= 1;
            high = low + 2;
        }
        char[][] cells = new char[height][behind + 1 + ahead];
        for (char[] line : cells) {
            Arrays.fill(line, ' ');
            line[behind] = '│';
        }
        Scale scale = new Scale(low, high, height);
        for (int i = 0; i < behind; i++) {
            if (!Double.isNaN(seen[i])) {
                cells[scale.line(seen[i])][i] = OBSERVED;
            }
        }
        for (int h = 0; h < ahead; h++) {
            shade(cells, behind + 1 + h, fan, h, scale);
        }
        return labelled(cells, scale);
    }

    private record Scale(double low, double high, int height) {
        int line(double value) {
            return (int) Math.clamp(Math.round((high - value) / (high - low) * (height - 1)), 0, height - 1);
        }
    }

    private static void shade(char[][] cells, int column, double[][] fan, int h, Scale scale) {
        int half = fan.length / 2;
        for (int q = 0; q < half; q++) {
            char mark = SHADES[Math.min(SHADES.length - 1, q)];
            for (int line = scale.line(fan[fan.length - 1 - q][h]); line <= scale.line(fan[q][h]); line++) {
                cells[line][column] = mark;
            }
        }
        cells[scale.line(fan[half][h])][column] = MEDIAN;
    }

    private static List<String> labelled(char[][] cells, Scale scale) {
        List<String> lines = new ArrayList<>();
        for (int line = 0; line < cells.length; line++) {
            boolean told = line == 0 || line == cells.length - 1 || line == cells.length / 2;
            double value = scale.high - (scale.high - scale.low) * line / (cells.length - 1);
            lines.add((String.format(Locale.ROOT, "%" + LABEL + "s ", told ? number(value) : "")
                    + new String(cells[line])).stripTrailing());
        }
        return lines;
    }

    /// A line of blocks, low to high.
    ///
    /// @param values NaN = a gap
    static String spark(double[] values, int most) {
        double low = Double.POSITIVE_INFINITY, high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            low = Double.isNaN(value) ? low : Math.min(low, value);
            high = Double.isNaN(value) ? high : Math.max(high, value);
        }
        StringBuilder text = new StringBuilder();
        for (int i = Math.max(0, values.length - most); i < values.length; i++) {
            text.append(Double.isNaN(values[i])
                    ? ' '
                    : (char) ('▁' + (high > low ? (int) Math.round(7 * (values[i] - low) / (high - low)) : 3)));
        }
        return text.toString();
    }

    private static double[][] fan(JsonNode levels) {
        double[][] fan = new double[levels.size()][];
        for (int q = 0; q < fan.length; q++) {
            fan[q] = numbers(levels.get(q));
        }
        return fan;
    }

    /// @return null as NaN
    static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).isNull() ? Double.NaN : array.get(i).asDouble();
        }
        return numbers;
    }

    /// @return in about five characters
    public static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        double size = Math.abs(value);
        return String.format(Locale.ROOT,
                size >= 1e6 || size > 0 && size < 1e-3 ? "%.2e" : size < 10 ? "%.3f" : size < 1000 ? "%.2f" : "%.0f",
                value);
    }
}
