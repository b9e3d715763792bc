package io.gatecast.benchmarks.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.Metric;
import org.apache.kafka.streams.KafkaStreams;

/// The process that treats observations one way. Told a [Job], it answers with a line that begins with [#ANSWER] once it has
/// measured the load, or [#FAILED], and goes on until its stdin ends.
final class Worker {
    static final String ANSWER = "reading ";
    static final String FAILED = "failed: ";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Worker() {}

    public static void main(String[] arguments) throws Exception {
        Job job = JSON.readValue(arguments[0], Job.class);
        PrintStream answers = System.out;
        switch (job.way()) {
            case CONSUME_PRODUCE -> {
                try (PlainLoop loop = PlainLoop.start(job)) {
                    answer(new Gauge(job, loop::taken, loop::metrics), answers);
                }
            }
            case OURS -> {
                try (StreamsRunner runner = StreamsRunner.start(StreamsSettings.of(job.settings()))) {
                    measure(job, runner.kafka(), answers);
                }
            }
            case PASS_THROUGH, NO_MODEL, ONNX_RUNTIME, PYTORCH -> {
                Properties properties = StreamsSettings.of(job.settings()).streamsProperties();
                try (KafkaStreams streams = new KafkaStreams(Topologies.of(job), properties)) {
                    streams.start();
                    measure(job, streams, answers);
                }
            }
        }
        System.exit(0);
    }

    /// The threads' counters are looked up once: Kafka Streams makes a map of some thousand metrics each time it is asked for them,
    /// and the gauge looks 500 times a second.
    private static void measure(Job job, KafkaStreams streams, PrintStream answers) throws IOException {
        List<? extends Metric> processed = streams.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("process-total")
                        && metric.getKey().group().equals("stream-thread-metrics"))
                .map(Map.Entry::getValue).toList();
        if (processed.size() != job.threads()) {
            throw new IllegalStateException("expected a counter of events for each of " + job.threads()
                    + " threads, found " + processed.size());
        }
        answer(new Gauge(job, () -> sum(processed), streams::metrics), answers);
    }

    private static long sum(List<? extends Metric> counters) {
        return (long) counters.stream().mapToDouble(counter -> ((Number) counter.metricValue()).doubleValue()).sum();
    }

    private static void answer(Gauge gauge, PrintStream answers) throws IOException {
        Thread.ofPlatform().daemon().name("gauge").start(() -> {
            try {
                answers.println(ANSWER + JSON.writeValueAsString(gauge.read()));
                answers.flush();
            } catch (IOException | RuntimeException e) {
                answers.println(FAILED + e.getMessage());
                answers.flush();
            }
        });
        System.in.transferTo(OutputStream.nullOutputStream());
    }
}
