package io.gatecast.app.command.mixin;

import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.training.data.Series;
import io.gatecast.training.data.TopicRange;
import io.gatecast.training.data.TopicRange.Offsets;
import io.gatecast.training.data.TopicSource;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Recorded series from a topic.
final class TopicOptions {
    @Option(names = "--topic", required = true, paramLabel = "NAME", description = "Series as a topic of observations, what is committed, to its end now; needs --config. Partitions are read side by side.")
    private String topic;

    @Option(names = "--offsets", split = ",", paramLabel = "RANGES", converter = OffsetRanges.class, description = "Read these partitions of the topic alone, from an offset to before another, as in 0:100-2000,1:50- (default: all of each).")
    private List<Offsets> offsets = List.of();

    @Option(names = "--max-observations", paramLabel = "N", description = "Stop where the topic holds more. An observation of one value takes 16 bytes while it is read, 8 more for each further one, and half as much again while arrays grow (default: as many as fill an eighth of the heap).")
    private @Nullable Long mostObservations;

    private String read = "";

    /// @return the topic and, once it was read, what of it, by which the same can be read again
    String name() {
        return "topic " + topic + read;
    }

    /// @param covariates names of those that the observations hold; empty = they are passed over
    /// @param from event time of the first observation that counts, milliseconds since the epoch
    /// @param to   likewise, of the first that does not count any more
    List<Series> load(StreamsSettings kafka, List<String> covariates, long from, long to) throws IOException {
        try (Cluster cluster = Cluster.connect(kafka)) {
            cluster.partitions(topic);
        }
        TopicSource source = new TopicSource(kafka.consumerProperties(), kafka.registry(), topic,
                new TopicRange(from, to, offsets), covariates, most());
        List<Offsets> found = source.locate();
        read = " at " + TopicRange.inWords(found);
        return source.read(found);
    }

    private OptionalLong most() {
        if (mostObservations == null) {
            return OptionalLong.empty();
        }
        if (mostObservations < 1) {
            throw new IllegalArgumentException("--max-observations: expected at least 1, found " + mostObservations);
        }
        return OptionalLong.of(mostObservations);
    }
}
