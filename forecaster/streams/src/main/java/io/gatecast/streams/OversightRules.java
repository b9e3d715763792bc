package io.gatecast.streams;

import io.gatecast.streams.StreamsSettings.Source;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// How models that judge are watched by their online errors.
///
/// @param margin  share of the champion's error by which a canary's may be larger; empty = canaries are not watched
/// @param window  event time over which they are held against one another
/// @param targets that each of them must have had in it
/// @param drift   whether a champion whose error rises is to be trained again
public record OversightRules(Optional<Double> margin, Duration window, long targets, boolean drift) {
    private static final String MARGIN = "gatecast.canary.margin";
    private static final String WINDOW = "gatecast.canary.window";
    private static final String TARGETS = "gatecast.canary.targets";
    private static final String DRIFT = "gatecast.drift";
    private static final String NONE = "none";
    private static final String PAGE_HINKLEY = "page-hinkley";

    static final Map<String, String> DEFAULTS = Map.of(MARGIN, "10%", WINDOW, "1d", TARGETS, "1000", DRIFT,
            PAGE_HINKLEY);

    /// @param own the keys of a settings file, defaults included
    /// @throws IllegalArgumentException with one sentence that names the key
    static OversightRules of(Map<String, String> own, Source source) {
        String margin = own.getOrDefault(MARGIN, ""), targets = own.getOrDefault(TARGETS, "");
        String drift = own.getOrDefault(DRIFT, ""), window = own.getOrDefault(WINDOW, "");
        if (!margin.equals(NONE) && !margin.matches("[0-9]{1,3}(\\.[0-9]{1,6})?%?")) {
            throw source.refused(MARGIN, "expected " + NONE + " or a share, as in 10% or 0.1, found '" + margin + "'");
        }
        if (!targets.matches("[1-9][0-9]{0,8}")) {
            throw source.refused(TARGETS, "expected a number of at least 1, found '" + targets + "'");
        }
        if (!drift.equals(NONE) && !drift.equals(PAGE_HINKLEY)) {
            throw source.refused(DRIFT, "expected " + NONE + " or " + PAGE_HINKLEY + ", found '" + drift + "'");
        }
        return new OversightRules(margin.equals(NONE) ? Optional.empty() : Optional.of(share(margin)),
                Spans.parse(window).orElseThrow(() -> source.refused(WINDOW,
                        "expected " + Spans.EXPECTED + ", found '" + window + "'")),
                Long.parseLong(targets), drift.equals(PAGE_HINKLEY));
    }

    private static double share(String text) {
        return text.endsWith("%")
                ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
                : Double.parseDouble(text);
    }

    /// @return whether there is anything to watch for
    public boolean isAsked() {
        return margin.isPresent() || drift;
    }
}
