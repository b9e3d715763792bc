package io.gatecast.streams;

import io.gatecast.avro.Anomaly;

/// Names turns of episodes.
public final class AlertIds {
    private AlertIds() {}

    /// @return `episodeId/phase/timestamp`, the same however often a turn is told
    public static String of(Anomaly turn) {
        return turn.getEpisodeId() + "/" + turn.getPhase() + "/" + turn.getTimestamp().toEpochMilli();
    }
}
