package io.gatecast.app.command.mixin;

import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.training.data.Series;
import io.gatecast.training.data.TopicSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// Where recorded series are: in a file or in a topic.
public final class SourceOptions {
    @ArgGroup(exclusive = false)
    private @Nullable DataOptions data;

    @Option(names = "--topic", paramLabel = "NAME", description = "Series as a topic of observations, from its beginning to its end now; needs --config.")
    private @Nullable String topic;

    /// @return whether a connection is needed
    public boolean isTopic() {
        return topic != null;
    }

    /// @return the file's or the topic's name, for people
    public String name() {
        return data == null ? "topic " + topic : data.name();
    }

    /// @param interval   length of a step, for a file without timestamps; null if not given
    /// @param settings   where the topic is; null if none were given, which a topic needs
    /// @param covariates names of the columns that hold covariates; of a topic, of its observations' covariates in order
    /// @throws IOException with a sentence that says where, if it cannot be read
    public List<Series> load(@Nullable Duration interval, @Nullable StreamsSettings settings, List<String> covariates)
            throws IOException {
        if (data != null) {
            return data.load(interval, covariates);
        }
        String name = Objects.requireNonNull(topic);
        StreamsSettings kafka = Objects.requireNonNull(settings);
        try (Cluster cluster = Cluster.connect(kafka)) {
            cluster.partitions(name);
        }
        return new TopicSource(kafka.consumerProperties(), kafka.registry(), name, covariates).read();
    }
}
