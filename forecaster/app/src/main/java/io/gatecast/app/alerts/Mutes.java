package io.gatecast.app.alerts;

import io.gatecast.avro.Mute;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who is muted, and when.
final class Mutes {
    static final Mutes NONE = new Mutes(List.of());
    private static final Logger LOG = LoggerFactory.getLogger(Mutes.class);

    private final List<Window> windows;

    private record Window(Pattern series, Instant from, Instant to) {
        boolean covers(String seriesId, Instant moment) {
            return !moment.isBefore(from) && moment.isBefore(to) && series.matcher(seriesId).matches();
        }
    }

    private Mutes(List<Window> windows) {
        this.windows = windows;
    }

    static Mutes of(Collection<Mute> mutes) {
        return new Mutes(mutes.stream().flatMap(mute -> {
            try {
                return List.of(new Window(Pattern.compile(mute.getPattern()), mute.getFrom(), mute.getTo())).stream();
            } catch (PatternSyntaxException e) {
                LOG.warn("a mute is passed over: expected a regular expression, found '{}': {}", mute.getPattern(),
                        e.getDescription());
                return List.<Window>of().stream();
            }
        }).toList());
    }

    boolean covers(String seriesId, Instant moment) {
        return windows.stream().anyMatch(window -> window.covers(seriesId, moment));
    }
}
