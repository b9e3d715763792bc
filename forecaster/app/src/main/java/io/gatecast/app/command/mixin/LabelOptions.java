package io.gatecast.app.command.mixin;

import io.gatecast.avro.Verdict;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.ControlTopic;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.training.data.LabelledTimes;
import io.gatecast.training.data.LabelledTimes.Anomaly;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which times are not to be learned, because something was wrong then.
public final class LabelOptions {
    private static final String TOPIC = "topic";

    @Option(names = "--labels", paramLabel = "FILE.csv|topic", description = "Do not learn from anomalies: of a file with the header series,from,to (and perhaps verdict), or, by the word topic, of those that 'alerts label --true-alarm' has named; that needs --config.")
    private @Nullable String labels;

    /// @return whether they are in a topic
    public boolean isTopic() {
        return TOPIC.equals(labels);
    }

    /// @return whether any were asked for
    public boolean isGiven() {
        return labels != null;
    }

    /// @param settings where the topic is; null if none were given, which a topic needs
    /// @throws IOException with a sentence that says where, if they cannot be read
    public LabelledTimes load(@Nullable StreamsSettings settings) throws IOException {
        if (labels == null) {
            return new LabelledTimes(List.of());
        }
        return isTopic() && settings != null ? ofTopic(settings) : LabelledTimes.read(Path.of(labels));
    }

    private static LabelledTimes ofTopic(StreamsSettings settings) throws IOException {
        try (Registry registry = Registry.connect(settings.registry());
                var topic = ControlTopic.labels(registry, settings)) {
            return new LabelledTimes(topic.list().values().stream()
                    .filter(label -> label.getVerdict() == Verdict.TRUE_ALARM).map(label -> new Anomaly(
                            label.getSeries(), label.getFrom().toEpochMilli(), label.getTo().toEpochMilli()))
                    .toList());
        }
    }
}
