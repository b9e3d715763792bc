package io.gatecast.app.http;

import io.gatecast.streams.Spans;
import io.gatecast.streams.StreamsSettings;
import io.micrometer.core.instrument.Clock;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where metrics are sent, besides being there to be read: OpenTelemetry's protocol over HTTP, as protobuf.
///
/// @param endpoint as in `http://collector:4318/v1/metrics`
/// @param headers  `NAME=VALUE`, with commas between; empty = none
public record Otlp(URI endpoint, Duration interval, String headers) {
    private static final String NONE = "none";

    /// @param keys those under `gatecast.metrics.otlp.`
    /// @return null where they are sent nowhere
    /// @throws IllegalArgumentException with a sentence that names the key
    static @Nullable Otlp of(Map<String, String> keys) {
        String endpoint = keys.getOrDefault(StreamsSettings.OTLP_ENDPOINT, NONE);
        if (endpoint.equals(NONE)) {
            return null;
        }
        if (!endpoint.matches("https?://[^/?#\\s]+(/[^?#\\s]*)?")) {
            throw new IllegalArgumentException(StreamsSettings.OTLP_ENDPOINT + ": expected " + NONE
                    + " or a URL, as in http://collector:4318/v1/metrics, found '" + endpoint + "'");
        }
        String interval = keys.getOrDefault(StreamsSettings.OTLP_INTERVAL, "1m");
        Duration every = Spans.parse(interval).orElseThrow(() -> new IllegalArgumentException(
                StreamsSettings.OTLP_INTERVAL + ": expected " + Spans.EXPECTED + ", found '" + interval + "'"));
        String headers = keys.getOrDefault(StreamsSettings.OTLP_HEADERS, NONE);
        if (!headers.equals(NONE) && !headers.matches("[^=,\\s]+=[^,]*(,[^=,\\s]+=[^,]*)*")) { // may hold a secret
            throw new IllegalArgumentException(StreamsSettings.OTLP_HEADERS
                    + ": expected NAME=VALUE, several with commas between, found something else");
        }
        return new Otlp(URI.create(endpoint), every, headers.equals(NONE) ? "" : headers);
    }

    /// @return what sends from now on, and a last time when it is closed
    OtlpMeterRegistry open() {
        Map<String, String> own = Map.of("otlp.url", endpoint.toString(), "otlp.step", interval.toMillis() + "ms",
                "otlp.headers", headers, "otlp.resourceAttributes", "service.name=gatecast");
        OtlpConfig config = own::get;
        return new OtlpMeterRegistry(config, Clock.SYSTEM);
    }

    /// Nothing of what the headers say.
    @Override
    public String toString() {
        return endpoint + " every " + interval;
    }
}
