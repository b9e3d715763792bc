package io.gatecast.benchmarks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatecast.app.command.ModelsCommand;
import io.gatecast.app.command.TrainCommand;
import io.gatecast.app.demo.EmbeddedBroker;
import io.gatecast.app.http.ApiServer;
import io.gatecast.app.http.HttpSettings;
import io.gatecast.app.kafka.ObservationWriter;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.series.Observation;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;

/// How many questions an instance answers in a second, and how soon, while its stream runs. Two processes, so that each can
/// be bound to a core: `serve PORT EVENTS-A-SECOND SECONDS` is broker, instance and what sends observations; `ask URL CLIENTS
/// SECONDS` asks it, each client one question at a time, the next as soon as the last is answered.
public final class ApiBenchmark {
    private static final int SERIES = 1_000;
    private static final long STEP = 60_000;
    private static final long START = 1_767_225_600_000L;
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final int NANOS_OF_MILLI = 1_000_000;

    private ApiBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 4 && arguments[0].equals("serve")) {
            serve(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        } else if (arguments.length == 4 && arguments[0].equals("ask")) {
            ask(URI.create(arguments[1]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        } else {
            throw new IllegalArgumentException(
                    "expected: serve PORT EVENTS-A-SECOND SECONDS, or ask URL CLIENTS SECONDS");
        }
    }

    private static void serve(int port, int rate, int seconds) throws Exception {
        Path folder = Files.createTempDirectory("gatecast-api-benchmark");
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            Path config = Files.writeString(folder.resolve("gatecast.properties"), """
                    bootstrap.servers=%s
                    schema.registry.url=mock://api-benchmark
                    application.id=api-benchmark
                    state.dir=%s
                    gatecast.http.port=%d
                    gatecast.http.rate=none
                    """.formatted(broker.bootstrapServers(), folder.resolve("state"), port));
            StreamsSettings settings = StreamsSettings.load(config);
            publish(folder, settings, config);
            HttpSettings http = HttpSettings.of(settings, OptionalInt.empty()).orElseThrow();
            try (ApiServer server = ApiServer.start(http)) {
                StreamsSettings reachable = settings.reachableAt(server.address());
                try (StreamsRunner runner = StreamsRunner.start(reachable)) {
                    server.attach(runner, reachable);
                    long sent = observe(settings, rate, seconds);
                    System.out.printf(Locale.ROOT, "sent %,d observations in %d s, judged %,d%n", sent, seconds,
                            runner.metrics().accepted());
                }
            }
        }
    }

    /// The shape of README's on memory: a season of 24 steps, 32 units.
    private static void publish(Path folder, StreamsSettings settings, Path config) throws IOException {
        StringBuilder rows = new StringBuilder("series,timestamp,value\n");
        for (int t = 0; t < 300; t++) {
            rows.append("pump,").append(START + t * STEP).append(',').append(value(0, t)).append('\n');
        }
        Path data = Files.writeString(folder.resolve("history.csv"), rows), model = folder.resolve("m.avro");
        run(new TrainCommand(), "--data", data.toString(), "--interval", "1m", "--seasonality", "24", "--horizon", "24",
                "--hidden", "32", "--epochs", "1", "--output", model.toString(), "--id", "default");
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.createMissing(List.of(Topics.OBSERVATIONS.creation(settings.topics().observations(), 6)));
        }
        run(new ModelsCommand(), "publish", model.toString(), "--config", config.toString());
    }

    private static void run(Object command, String... arguments) {
        int status = new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments);
        if (status != 0) {
            throw new IllegalStateException(Arrays.toString(arguments) + " ended with " + status);
        }
    }

    private static double value(int series, int step) {
        return 10 + series + StrictMath.sin(step * StrictMath.PI / 12);
    }

    private static long observe(StreamsSettings settings, int rate, int seconds) throws IOException {
        long sent = 0, begun = System.nanoTime();
        try (Registry registry = Registry.connect(settings.registry());
                ObservationWriter writer = ObservationWriter.open(settings,
                        TopicSerdes.register(registry, settings).observations().serializer(),
                        settings.topics().observations())) {
            for (long elapsed = 0; elapsed < seconds * 1_000_000_000L; elapsed = System.nanoTime() - begun) {
                if (sent > elapsed * rate / 1_000_000_000L) {
                    LockSupport.parkNanos(NANOS_OF_MILLI);
                    continue;
                }
                int series = (int) (sent % SERIES), step = (int) (sent / SERIES);
                writer.write("sensor-" + series, new Observation(START + step * STEP, (float) value(series, step)));
                sent++;
            }
            writer.flush();
        }
        return sent;
    }

    /// One client's questions.
    ///
    /// @param nanos that each answer took
    private record Asked(List<Long> nanos, int refused) {}

    private static void ask(URI base, int clients, int seconds) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            awaitSeries(client, base);
            together(client, base, clients, WARM_UP);
            double cpu = cpuSeconds(client, base);
            List<Asked> all = together(client, base, clients, Duration.ofSeconds(seconds));
            cpu = cpuSeconds(client, base) - cpu;
            long[] nanos = all.stream().flatMap(asked -> asked.nanos.stream()).mapToLong(Long::longValue).sorted()
                    .toArray();
            System.out.printf(Locale.ROOT, "the instance had %.1f s of its core, the stream's work included: %.2f ms a"
                    + " request, so %,.0f requests/s of a whole core%n", cpu, 1000 * cpu / nanos.length,
                    nanos.length / cpu);
            System.out.printf(Locale.ROOT,
                    "%d clients, %d s: %,.0f requests/s; p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms; %,d not answered%n",
                    clients, seconds, nanos.length / (double) seconds, millis(nanos, 0.5), millis(nanos, 0.99),
                    millis(nanos, 0.999), all.stream().mapToInt(Asked::refused).sum());
        }
    }

    /// @return processor time that the instance has had, which neighbours on the machine do not change much
    private static double cpuSeconds(HttpClient client, URI base) throws IOException, InterruptedException {
        return client.send(get(base, "/metrics"), BodyHandlers.ofString()).body().lines()
                .filter(line -> line.startsWith("process_cpu_time_ns_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ')))).sum() / 1e9;
    }

    private static double millis(long[] sorted, double quantile) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(quantile * sorted.length))]
                / (double) NANOS_OF_MILLI;
    }

    private static void awaitSeries(HttpClient client, URI base) throws InterruptedException {
        int there = 0;
        while (there < 1) {
            try {
                there = JsonMapper.builder().build()
                        .readTree(client.send(get(base, "/fleet"), BodyHandlers.ofByteArray()).body()).path("series")
                        .asInt() / SERIES;
            } catch (IOException notYet) {
                there = 0;
            }
            LockSupport.parkNanos(100L * NANOS_OF_MILLI);
        }
    }

    private static List<Asked> together(HttpClient client, URI base, int clients, Duration time)
            throws InterruptedException {
        List<Asked> all = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        for (int i = 0; i < clients; i++) {
            SplittableRandom random = new SplittableRandom(i);
            threads.add(Thread.ofPlatform().start(() -> {
                Asked asked = alone(client, base, random, end);
                synchronized (all) {
                    all.add(asked);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return all;
    }

    /// Half of the questions are for a series with its last 192 steps, half for its forecast.
    private static Asked alone(HttpClient client, URI base, SplittableRandom random, long end) {
        List<Long> nanos = new ArrayList<>();
        int refused = 0;
        while (System.nanoTime() < end) {
            String path = "/series/sensor-" + random.nextInt(SERIES) + (random.nextBoolean() ? "" : "/forecast");
            long began = System.nanoTime();
            try {
                HttpResponse<byte[]> answer = client.send(get(base, path), BodyHandlers.ofByteArray());
                if (answer.statusCode() == 200) {
                    nanos.add(System.nanoTime() - began);
                } else {
                    refused++;
                }
            } catch (IOException e) {
                refused++;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Asked(nanos, refused);
            }
        }
        return new Asked(nanos, refused);
    }

    private static HttpRequest get(URI base, String path) {
        return HttpRequest.newBuilder(base.resolve(path)).build();
    }
}
