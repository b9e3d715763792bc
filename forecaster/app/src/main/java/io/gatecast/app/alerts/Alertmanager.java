package io.gatecast.app.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Phase;
import io.gatecast.streams.AlertSettings.Receiver;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Locale;

/// Tells Prometheus' Alertmanager by its API v2: an episode is an alert with the labels
///
///     alertname=GatecastAnomaly, series, kind, severity, channel, model
///
/// What is open is said again, and ends four intervals after it was said last, as Prometheus itself does it: an alert whose
/// sender is gone does not stay for ever. An alert is its labels, so when the severity or the kind of an episode changes, the
/// alert with the old labels ends with the same request that begins the one with the new.
final class Alertmanager implements Messenger {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int INTERVALS_TO_LIVE = 4;
    private static final String PATH = "/api/v2/alerts";

    private final URI address;
    private final Post post;
    private final InstantSource clock;
    private final Duration toLive;

    Alertmanager(Receiver receiver, Post post, InstantSource clock) {
        this.address = URI.create(receiver.url().toString().replaceAll("/+$", "") + PATH);
        this.post = post;
        this.clock = clock;
        this.toLive = receiver.resend().multipliedBy(INTERVALS_TO_LIVE);
    }

    @Override
    public void tell(Turn turn, Episode episode) throws Undelivered, InterruptedException {
        post.send(() -> request(alerts(turn, episode)));
    }

    private ArrayNode alerts(Turn turn, Episode episode) {
        Turn told = episode.told();
        boolean ends = turn.anomaly().getPhase() == Phase.CLOSED;
        ArrayNode alerts = JSON.arrayNode();
        if (told != null && (ends || !labels(told).equals(labels(turn)))) {
            alerts.add(alert(told, turn, episode, end(turn)));
        }
        if (!ends || told == null) {
            alerts.add(alert(turn, turn, episode, ends ? end(turn) : alive()));
        }
        return alerts;
    }

    /// What ended ahead of our clock has ended all the same.
    private Instant end(Turn turn) {
        Instant now = clock.instant();
        return turn.moment().isBefore(now) ? turn.moment() : now;
    }

    private Instant alive() {
        return clock.instant().plus(toLive);
    }

    @Override
    public boolean remind(Collection<Episode> open) throws Undelivered, InterruptedException {
        ArrayNode alerts = JSON.arrayNode();
        for (Episode episode : open) {
            Turn told = episode.told();
            if (told != null) {
                alerts.add(alert(told, told, episode, alive()));
            }
        }
        if (alerts.isEmpty()) {
            return false;
        }
        post.sendOnce(request(alerts));
        return true;
    }

    private HttpRequest.Builder request(ArrayNode alerts) {
        return HttpRequest.newBuilder(address).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(alerts.toString().getBytes(UTF_8)));
    }

    /// @param named whose labels it has
    /// @param told  what is said of it
    private static ObjectNode alert(Turn named, Turn told, Episode episode, Instant end) {
        ObjectNode alert = JSON.objectNode();
        Instant start = episode.first().moment();
        alert.set("labels", labels(named));
        alert.set("annotations", annotations(told));
        alert.put("startsAt", (start.isBefore(end) ? start : end).toString());
        alert.put("endsAt", end.toString());
        return alert;
    }

    private static ObjectNode labels(Turn turn) {
        Anomaly anomaly = turn.anomaly();
        return JSON.objectNode().put("alertname", "GatecastAnomaly").put("series", turn.seriesId())
                .put("kind", lower(anomaly.getKind())).put("severity", lower(anomaly.getSeverity()))
                .put("channel", Integer.toString(anomaly.getChannel())).put("model", anomaly.getModelId());
    }

    private static ObjectNode annotations(Turn turn) {
        Anomaly anomaly = turn.anomaly();
        String observed = anomaly.getObserved() == null ? "nothing" : anomaly.getObserved().toString();
        return JSON.objectNode()
                .put("summary", turn.seriesId() + ": " + observed + " observed, " + anomaly.getExpected()
                        + " expected (" + anomaly.getLower() + " to " + anomaly.getUpper() + ")")
                .put("episode", anomaly.getEpisodeId()).put("phase", lower(anomaly.getPhase()))
                .put("score", Double.toString(anomaly.getScore()))
                .put("modelVersion", Integer.toString(anomaly.getModelVersion()))
                .put("timestamp", turn.moment().toString());
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
