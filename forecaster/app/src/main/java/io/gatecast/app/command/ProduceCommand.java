package io.gatecast.app.command;

import io.gatecast.app.command.mixin.CovariateOptions;
import io.gatecast.app.command.mixin.DataOptions;
import io.gatecast.app.command.mixin.Durations;
import io.gatecast.app.command.mixin.KafkaOptions;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.command.mixin.Speeds;
import io.gatecast.app.kafka.ObservationWriter;
import io.gatecast.app.progress.Progress;
import io.gatecast.app.replay.Pace;
import io.gatecast.app.replay.Replay;
import io.gatecast.avro.Observation;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.training.data.Series;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Puts recorded series into a topic, as the stream they once were.
@Command(name = "produce", mixinStandardHelpOptions = true, sortOptions = false, description = "Write the observations of a file to a topic, oldest first.")
public final class ProduceCommand implements Callable<Integer> {
    private static final double NANOS = 1e9;

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private CovariateOptions covariates = new CovariateOptions();

    @Option(names = "--interval", paramLabel = "TIME", converter = Durations.class, description = "Length of a step, for a file without timestamps, as in 5m or 1h.")
    private @Nullable Duration interval;

    @Option(names = "--topic", required = true, paramLabel = "NAME", description = "Where they go; it must exist.")
    private String topic;

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--speed", paramLabel = "FACTOR", converter = Speeds.class, description = "How much faster than it was recorded, as in 60x (default: as fast as Kafka takes it).")
    private Double speed = Double.POSITIVE_INFINITY;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// The answer to a program.
    record Answer(String topic, int series, long observations, double seconds) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        StreamsSettings settings = kafka.load();
        List<Series> series = data.load(interval, covariates.names());
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.partitions(topic);
        }
        long started = System.nanoTime();
        long written;
        try (Registry registry = Registry.connect(settings.registry());
                AvroSerde<Observation> values = new AvroSerde<>(registry, topic, Observation.class);
                ObservationWriter writer = ObservationWriter.open(settings, values.serializer(), topic)) {
            written = produce(new Replay(series), writer);
        }
        double seconds = (System.nanoTime() - started) / NANOS;
        output.say("Wrote %,d observations of %,d series to %s.", written, series.size(), topic);
        output.result(new Answer(topic, series.size(), written, seconds));
        return 0;
    }

    private long produce(Replay replay, ObservationWriter writer) throws IOException, InterruptedException {
        Pace pace = new Pace(speed);
        long written = 0;
        try (Progress progress = output.progress("Producing", "observations", replay.length())) {
            for (Replay.Event event : replay) {
                pace.await(event.observation().timestamp());
                writer.write(event.seriesId(), event.observation());
                progress.to(++written);
            }
            writer.flush();
        }
        return written;
    }
}
