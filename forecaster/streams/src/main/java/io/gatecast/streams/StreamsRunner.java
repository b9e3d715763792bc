package io.gatecast.streams;

import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.streams.StreamsSettings.TopicNames;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One instance of the topology, from start to stop. Starting checks what a person may have got wrong before Kafka
/// Streams, which would try again and again, is let loose: the cluster answers, the topic of observations is there, the
/// registry has the schemas, there is a model to judge by. Safe for threads.
public final class StreamsRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsRunner.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(30);

    private final KafkaStreams streams;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean failed;
    private volatile @Nullable Counters last;

    private StreamsRunner(KafkaStreams streams) {
        this.streams = streams;
        streams.setUncaughtExceptionHandler(this::judge);
        streams.setStateListener((now, before) -> notice(now));
    }

    /// Checks, makes the topics that go out where they are missing, waits for a model, and starts.
    ///
    /// @throws IOException with a sentence, if the cluster or the registry does not answer or refuses, or if there is no
    ///                     topic of observations
    public static StreamsRunner start(StreamsSettings settings) throws IOException {
        Registry registry = Registry.connect(settings.registry());
        TopicSerdes serdes;
        try (Cluster cluster = Cluster.connect(settings)) {
            createOutputs(cluster, settings.topics());
            serdes = TopicSerdes.register(registry, settings.topics());
            try (ModelTopic models = ModelTopic.open(cluster, registry, settings)) {
                awaitModel(models, settings);
            }
        }
        StreamsRunner runner = new StreamsRunner(
                new KafkaStreams(ForecastTopology.build(settings, serdes), settings.streamsProperties()));
        runner.streams.start();
        return runner;
    }

    /// As many partitions go out as come in, so that a series stays in one place.
    private static void createOutputs(Cluster cluster, TopicNames topics) throws IOException {
        int partitions = cluster.partitions(topics.observations());
        cluster.createMissing(List.of(topic(topics.forecasts(), partitions, Topics.FORECASTS.config()),
                topic(topics.anomalies(), partitions, Topics.ANOMALIES.config()),
                topic(topics.deadLetters(), 1, Map.of())));
    }

    private static NewTopic topic(String name, int partitions, Map<String, String> configuration) {
        return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configuration);
    }

    /// Without a model nothing can be judged, and what is not judged when it comes is not judged later.
    private static void awaitModel(ModelTopic models, StreamsSettings settings) throws IOException {
        boolean told = false;
        while (models.list().stream().noneMatch(entry -> entry.isUsableFor(settings.modelId()))) {
            if (!told) {
                told = true;
                LOG.warn("Waiting for a model: topic {} holds no usable version of model '{}' ({})",
                        settings.topics().models(), settings.modelId(), StreamsSettings.MODEL_ID);
                models.list().stream().map(ModelTopic.Entry::fault).filter(fault -> fault != null)
                        .forEach(fault -> LOG.warn("Model refused: {}", fault));
            }
            models.poll(LOOK_AGAIN);
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted while waiting for a model");
            }
        }
    }

    private void notice(KafkaStreams.State now) {
        failed |= now == KafkaStreams.State.ERROR;
        if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
            stopped.countDown();
        }
    }

    /// The thread that reads models cannot be replaced: Kafka Streams then stops all the same.
    private StreamThreadExceptionResponse judge(Throwable thrown) {
        failure.set(thrown);
        if (DeadLetters.isRegistryAway(thrown)) {
            LOG.warn("Trying again: {}", sentence(thrown));
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.error("Stopping: {}", sentence(thrown), thrown);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /// @return what the innermost of Kafka Streams' wrappings says
    private static String sentence(Throwable thrown) {
        Throwable told = thrown;
        while (told instanceof StreamsException && told.getCause() != null
                && (told.getCause() instanceof StreamsException || told.getCause() instanceof IOException)) {
            told = told.getCause();
        }
        return told.getMessage() == null ? told.toString() : told.getMessage();
    }

    /// @return RUNNING, once all state is there and observations are being judged
    public KafkaStreams.State state() {
        return streams.state();
    }

    /// @return what has been counted so far, or until the stop
    public Counters metrics() {
        Counters closing = last;
        return closing == null ? Counters.of(streams.metrics()) : closing;
    }

    /// Waits until the instance has stopped, by [#close] or by a fault.
    ///
    /// @throws IOException with a sentence, if it was a fault
    public void awaitStop() throws IOException, InterruptedException {
        stopped.await();
        Throwable thrown = failure.get();
        if (failed && thrown != null) {
            throw new IOException(sentence(thrown), thrown);
        }
    }

    /// Commits what is done and stops. Returns once it has stopped.
    @Override
    public void close() {
        if (last == null) {
            last = Counters.of(streams.metrics());
        }
        if (!streams.close(TIME_TO_CLOSE)) {
            LOG.warn("Not all threads have stopped within {} s", TIME_TO_CLOSE.toSeconds());
        }
        stopped.countDown();
    }
}
