package io.gatecast.streams;

import io.gatecast.schemas.Registry;
import io.gatecast.schemas.RegistryException;
import io.gatecast.series.Model;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One instance of the topology, from start to stop. Starting checks what a person may have got wrong before Kafka
/// Streams, which would try again and again, is let loose: the cluster answers, the topic of observations is there, the
/// registry has the schemas, there is a model to judge by. Safe for threads.
public final class StreamsRunner implements AutoCloseable {
    /// Name of the store that holds a state a series.
    public static final String SERIES_STORE = Stores.SERIES;

    private static final Logger LOG = LoggerFactory.getLogger(StreamsRunner.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(30);

    private final Registry registry;
    private final GroupMembershipOperation leaving;
    private final ModelShelf shelf;
    private final KafkaStreams streams;
    private @Nullable OversightService oversight;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean failed;
    private volatile @Nullable Counters last;

    private StreamsRunner(Registry registry, GroupMembershipOperation leaving, ModelShelf shelf, KafkaStreams streams) {
        this.registry = registry;
        this.leaving = leaving;
        this.shelf = shelf;
        this.streams = streams;
        streams.setUncaughtExceptionHandler(this::judge);
        streams.setStateListener((now, before) -> notice(now));
    }

    /// Checks, makes the topics that go out where they are missing, refuses those that would lose records, waits for a model, and starts.
    ///
    /// @throws IOException       with a sentence, if the cluster does not answer or refuses, or if there is no topic of
    ///                           observations
    /// @throws RegistryException with a sentence, if the registry does not answer or refuses
    public static StreamsRunner start(StreamsSettings settings) throws IOException {
        Registry registry = Registry.connect(settings.registry());
        try {
            FutureTask<TopicSerdes> registered = new FutureTask<>(() -> TopicSerdes.register(registry, settings));
            Thread.ofVirtual().name("gatecast-schemas").start(registered); // and the cluster is looked at meanwhile
            Properties properties = settings.streamsProperties();
            Registrations models = prepare(settings, registry, registered, properties);
            TopicSerdes serdes = result(registered);
            ModelShelf shelf = new ModelShelf(settings, serdes);
            models.champion(settings.modelId()).ifPresent(shelf::expect);
            StreamsRunner runner = new StreamsRunner(registry, leaving(settings), shelf,
                    new KafkaStreams(ForecastTopology.build(settings, serdes, shelf), properties,
                            new StreamsClients(settings.producerProperties())));
            runner.oversight = OversightService.start(settings, registry, serdes.evaluations()); // may fail, so it comes first
            runner.streams.start();
            return runner;
        } catch (IOException | RuntimeException e) {
            registry.close();
            throw e;
        }
    }

    /// A member with a name of its own is waited for until `session.timeout.ms`, so that a restart moves no task; others
    /// give their tasks away at once.
    private static GroupMembershipOperation leaving(StreamsSettings settings) {
        return settings.isStaticMember()
                ? GroupMembershipOperation.REMAIN_IN_GROUP
                : GroupMembershipOperation.LEAVE_GROUP;
    }

    private static <T> T result(FutureTask<T> task) throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException thrown -> throw thrown;
                case Error thrown -> throw thrown;
                case null, default -> throw new IOException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while schemas were registered", e);
        }
    }

    /// @return the models to begin with
    private static Registrations prepare(StreamsSettings settings, Registry registry,
            FutureTask<TopicSerdes> registered,
            Properties properties) throws IOException {
        try (Cluster cluster = Cluster.connect(settings)) {
            createOutputs(cluster, settings);
            TopicCheck.require(settings, Grants.Role.RUN, cluster)
                    .forEach(fault -> LOG.warn("{}{}", fault.sentence().substring(0, 1).toUpperCase(Locale.ROOT),
                            fault.sentence().substring(1)));
            properties.put(DeadLetters.LARGEST, Integer.toString(
                    Math.min(cluster.largestRecord(settings.topics().deadLetters()), settings.largestRequest())));
            result(registered); // what the registry refuses is told at once, not when a model has come
            try (ModelTopic models = ModelTopic.open(cluster, registry, settings)) {
                return awaitModel(models, settings);
            }
        }
    }

    /// As many partitions go out as come in, so that a series stays in one place.
    private static void createOutputs(Cluster cluster, StreamsSettings settings) throws IOException {
        int partitions = cluster.partitions(settings.topics().observations());
        cluster.createMissing(TopicPlan.of(settings, Grants.Role.RUN).stream()
                .filter(plan -> plan.role() != TopicPlan.Role.OBSERVATIONS)
                .map(plan -> plan.creation(partitions, OptionalInt.empty())).toList());
    }

    /// Without a model nothing can be judged, and what is not judged when it comes is not judged later.
    private static Registrations awaitModel(ModelTopic models, StreamsSettings settings) throws IOException {
        Registrations now = models.registrations();
        for (boolean told = false; !hasJudge(now, settings.modelId()); now = models.registrations()) {
            if (!told) {
                told = true;
                LOG.warn("Waiting for a model: topic {} holds no usable version of model '{}' ({})",
                        settings.topics().models(), settings.modelId(), StreamsSettings.MODEL_ID);
                now.entries().stream().map(ModelTopic.Entry::fault).filter(fault -> fault != null)
                        .forEach(fault -> LOG.warn("Model refused: {}", fault));
            }
            models.poll(LOOK_AGAIN);
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted while waiting for a model");
            }
        }
        return now;
    }

    private static boolean hasJudge(Registrations now, String modelId) {
        return now.champion(modelId).isPresent()
                || now.routes().stream().anyMatch(route -> now.champion(route.modelId()).isPresent());
    }

    private void notice(KafkaStreams.State now) {
        LOG.info("State {}", now);
        failed |= now == KafkaStreams.State.ERROR;
        if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
            stopped.countDown();
        }
    }

    /// The thread that reads models cannot be replaced: Kafka Streams then stops all the same.
    private StreamThreadExceptionResponse judge(Throwable thrown) {
        failure.set(thrown);
        if (isPassing(thrown)) {
            LOG.warn("Trying again: {}", sentence(thrown));
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.error("Stopping: {}", sentence(thrown), isRefusal(thrown) ? null : thrown);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /// A new thread begins where the last commit was, and first has the cluster settle what became of the transaction before. That
    /// one can be in a state that its producer does not expect: its coordinator went away between a commit and the answer to it.
    ///
    /// @return whether it is nobody's fault here, and over soon
    static boolean isPassing(Throwable thrown) {
        return DeadLetters.isRegistryAway(thrown) || innermost(thrown) instanceof InvalidTxnStateException;
    }

    /// @return whether the cluster does not let us in, or not do it: where in our code that was says nothing
    private static boolean isRefusal(Throwable thrown) {
        return innermost(thrown) instanceof AuthorizationException
                || innermost(thrown) instanceof AuthenticationException;
    }

    private static Throwable innermost(Throwable thrown) {
        Throwable told = thrown;
        while (told instanceof StreamsException
                && (told.getCause() instanceof KafkaException || told.getCause() instanceof RegistryException)) {
            told = told.getCause();
        }
        return told;
    }

    /// @return what the innermost of Kafka Streams' wrappings says
    private static String sentence(Throwable thrown) {
        Throwable told = innermost(thrown);
        String message = told.getMessage() == null ? told.toString() : told.getMessage();
        return switch (told) {
            case AuthorizationException e -> message + ": `gatecast topics acls` tells what has to be allowed";
            case ProcessorStateException e -> message + reason(e);
            default -> message;
        };
    }

    /// A store says where it failed, and its cause why: a disk that is full, as a rule.
    private static String reason(ProcessorStateException failure) {
        return failure.getCause() == null || failure.getCause().getMessage() == null
                ? ""
                : ": " + failure.getCause().getMessage();
    }

    /// @return RUNNING, once all state is there and observations are being judged
    public KafkaStreams.State state() {
        return streams.state();
    }

    /// @return what there is to be asked of it beside its work: metrics, state stores, who holds which key
    public KafkaStreams kafka() {
        return streams;
    }

    /// @param timestamp event time, milliseconds since the epoch
    /// @return the model that judges a series then, by what this instance holds now; null where there is none
    public @Nullable Model judgeOf(String seriesId, long timestamp) {
        ModelVersion judge = shelf.models().judge(seriesId, timestamp);
        if (judge == null) {
            return null;
        }
        Model model = shelf.compiled().take(judge);
        shelf.compiled().release(judge); // nothing keeps it for whoever asks, but what it answers with
        return model;
    }

    /// @return versions of a model that stand compiled in memory
    public int compiledModels(String modelId) {
        return shelf.compiled().count(modelId);
    }

    /// @return every version that this instance holds, and how it stands
    public List<ModelStanding> standings() {
        return shelf.models().standings();
    }

    /// @return what has been counted so far, or until the stop
    public Counters metrics() {
        Counters closing = last;
        return closing == null ? Counters.of(streams.metrics()) : closing;
    }

    /// @return how long things took of late
    public Timings timings() {
        return Timings.of(streams.metrics());
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

    /// Commits what is done, leaves the group, so that others take over at once (a static member stays in it), and stops.
    /// Returns once it has stopped, or has had its time; again, at once.
    @Override
    public void close() {
        if (last != null) {
            return;
        }
        if (oversight != null) {
            oversight.close();
        }
        if (!streams.close(CloseOptions.timeout(TIME_TO_CLOSE)
                .withGroupMembershipOperation(leaving))) {
            LOG.warn("Not all threads have stopped within {} s", TIME_TO_CLOSE.toSeconds());
        }
        last = Counters.of(streams.metrics());
        shelf.compiled().close();
        registry.close();
        stopped.countDown();
    }
}
