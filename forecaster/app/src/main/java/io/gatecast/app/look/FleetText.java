package io.gatecast.app.look;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The fleet as a table: totals, then a line a series, what needs attention first.
public final class FleetText {
    private static final int SPARK = 24;
    private static final int PERCENT = 100;

    private FleetText() {}

    /// @param fleet as `/fleet` tells it
    /// @param page  as `/series?charts=true` does
    /// @return lines
    public static List<String> lines(JsonNode fleet, JsonNode page) {
        int open = 0;
        for (JsonNode count : fleet.path("open")) {
            open += count.asInt();
        }
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%,d series, %,d open episodes, MASE %s, coverage %s of %s, %d %s, %s",
                fleet.path("series").asInt(), open, figure(fleet.path("mase"), 1, "%.3f"),
                figure(fleet.path("coverage"), PERCENT, "%.1f %%"),
                figure(fleet.path("statedCoverage"), PERCENT, "%.0f %%"), fleet.path("instances").size(),
                fleet.path("instances").size() == 1 ? "instance" : "instances",
                fleet.path("state").asText().toLowerCase(Locale.ROOT)));
        lines.add("");
        lines.add(String.format("%-24s %-20s %-24s %9s %9s %-23s %6s", "series", "newest, UTC", "", "now", "next",
                "  interval", "MASE"));
        page.path("series").forEach(row -> lines.add(line(row)));
        return lines;
    }

    private static String line(JsonNode row) {
        JsonNode levels = row.at("/chart/forecast/values/0");
        double[] seen = FanText.numbers(row.at("/chart/observations/values/0"));
        String severity = row.at("/episode/severity").asText("");
        return String.format(Locale.ROOT, "%-24s %-20s %-24s %9s %9s %-23s %6s  %s", cut(row.path("id").asText()),
                row.hasNonNull("time") ? Instant.ofEpochMilli(row.get("time").asLong()).toString() : "-",
                FanText.spark(seen, SPARK), FanText.number(seen.length == 0 ? Double.NaN : seen[seen.length - 1]),
                next(levels, levels.size() / 2),
                "  [" + next(levels, 0) + ", " + next(levels, levels.size() - 1) + "]",
                figure(row.at("/score/mase"), 1, "%.2f"),
                severity.isEmpty() ? "" : row.at("/episode/kind").asText() + ", " + severity).stripTrailing();
    }

    private static String cut(String id) {
        return id.length() <= SPARK ? id : "…" + id.substring(id.length() - SPARK + 1);
    }

    private static String next(JsonNode levels, int level) {
        return levels.path(level).path(0).isNumber() ? FanText.number(levels.get(level).get(0).asDouble()) : "-";
    }

    private static String figure(JsonNode value, int factor, String format) {
        return value.isNumber() ? String.format(Locale.ROOT, format, factor * value.asDouble()) : "-";
    }
}
