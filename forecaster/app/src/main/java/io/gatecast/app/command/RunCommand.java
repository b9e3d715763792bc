package io.gatecast.app.command;

import io.gatecast.app.command.mixin.KafkaOptions;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.http.ApiServer;
import io.gatecast.app.http.HttpSettings;
import io.gatecast.app.log.Logs;
import io.gatecast.streams.Counters;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// One instance of the topology, until it is stopped. More instances with the same application.id share the work.
@Command(name = "run", mixinStandardHelpOptions = true, sortOptions = false, description = "Forecast every observation of a topic until stopped with Ctrl-C.", footer = {
        "", "A configuration file holds Kafka's own keys and ours, for example:", "  bootstrap.servers=broker:9092",
        "  schema.registry.url=http://registry:8081", "  gatecast.model.id=default",
        "  gatecast.http.port=8080"})
public final class RunCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--port", paramLabel = "N", description = "Answer over HTTP at this port, dashboard included; 0 = any free one (default: gatecast.http.port, or not at all).")
    private @Nullable Integer port;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() throws IOException {
        Logs.tellEvents();
        StreamsSettings settings = kafka.load();
        try (Interruption stop = new Interruption(Thread.currentThread())) {
            try {
                Counters counters = run(settings, HttpSettings.of(settings,
                        port == null ? OptionalInt.empty() : OptionalInt.of(port)), stop);
                output.say("Stopped. %,d observations accepted, %,d late, %,d duplicates, %,d to the dead letters.",
                        counters.accepted(), counters.late(), counters.duplicates(), counters.deadLetters());
                output.result(counters);
            } catch (IOException | RuntimeException e) {
                if (!stop.requested()) {
                    throw e;
                }
                output.say("Stopped before it ran.");
            }
        }
        return 0;
    }

    private Counters run(StreamsSettings settings, Optional<HttpSettings> http, Interruption stop) throws IOException {
        if (http.isEmpty()) {
            try (StreamsRunner runner = StreamsRunner.start(settings)) {
                return await(runner, settings, stop);
            }
        }
        try (ApiServer server = ApiServer.start(http.get())) {
            output.say("Dashboard and API: %s", server.url());
            StreamsSettings reachable = settings.reachableAt(server.address());
            try (StreamsRunner runner = StreamsRunner.start(reachable)) {
                server.attach(runner, reachable);
                return await(runner, settings, stop);
            }
        }
    }

    private Counters await(StreamsRunner runner, StreamsSettings settings, Interruption stop) throws IOException {
        output.say("Running: %s -> %s, %s, %s; model '%s' from %s; %s. Ctrl-C stops.",
                settings.topics().observations(), settings.topics().forecasts(), settings.topics().anomalies(),
                settings.topics().evaluations(),
                settings.modelId(), settings.topics().models(),
                settings.kafka().getOrDefault("processing.guarantee", ""));
        try {
            stop.renew();
            runner.awaitStop();
        } catch (InterruptedException e) {
            runner.close();
        }
        return runner.metrics();
    }
}
