package io.gatecast.app.command.mixin;

import io.gatecast.streams.StreamsSettings;
import io.gatecast.training.data.Series;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;

/// Where recorded series are: in a file or in a topic.
public final class SourceOptions {
    @ArgGroup(exclusive = false)
    private @Nullable DataOptions data;

    @ArgGroup(exclusive = false)
    private @Nullable TopicOptions topic;

    /// @return whether a connection is needed
    public boolean isTopic() {
        return topic != null;
    }

    /// @return the file's or the topic's name, for people; of a topic that was read, with what was read of it
    public String name() {
        return data == null ? Objects.requireNonNull(topic).name() : data.name();
    }

    /// Everything there is.
    ///
    /// @param interval   length of a step, for a file without timestamps; null if not given
    /// @param settings   where the topic is; null if none were given, which a topic needs
    /// @param covariates names of the columns that hold covariates; of a topic, of its observations' covariates in order
    /// @throws IOException with a sentence that says where, if it cannot be read
    public List<Series> load(@Nullable Duration interval, @Nullable StreamsSettings settings, List<String> covariates)
            throws IOException {
        return load(interval, settings, covariates, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /// What there is between two moments; of a file, everything: it has to be read anyway.
    ///
    /// @param from milliseconds since the epoch
    /// @param to   likewise, the first that does not count any more
    public List<Series> load(@Nullable Duration interval, @Nullable StreamsSettings settings, List<String> covariates,
            long from, long to) throws IOException {
        return data == null
                ? Objects.requireNonNull(topic).load(Objects.requireNonNull(settings), covariates, from, to)
                : data.load(interval, covariates);
    }
}
