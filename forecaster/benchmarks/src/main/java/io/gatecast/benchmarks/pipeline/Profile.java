package io.gatecast.benchmarks.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/// Where the processor time of the threads that take observations goes, by a flight recording that samples by processor time,
/// native code included; of the measured events alone, not of those before them.
final class Profile {
    private static final String SAMPLE = "jdk.CPUTimeSample";
    private static final int LINES = 25;
    /// What a frame's class begins with, and what is said of the time under it; the innermost frame that fits counts.
    private static final Map<String, String> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("io.gatecast.network", "network");
        PARTS.put("io.gatecast.series.judge", "anomalies, calibration, evaluation");
        PARTS.put("io.gatecast.series.input", "features, window");
        PARTS.put("io.gatecast.series.StateCodec", "state codec");
        PARTS.put("io.gatecast.series", "forecaster, other");
        PARTS.put("io.gatecast.schemas", "Avro");
        PARTS.put("org.apache.avro", "Avro");
        PARTS.put("org.rocksdb", "RocksDB");
        PARTS.put("org.apache.kafka.streams.state", "Kafka's stores and cache");
        PARTS.put("org.apache.kafka.clients.producer", "producer");
        PARTS.put("org.apache.kafka.clients.consumer", "consumer");
        PARTS.put("io.gatecast.streams", "processor");
        PARTS.put("org.apache.kafka.streams", "Kafka Streams, other");
    }

    private Profile() {}

    static String of(Ground ground) throws IOException {
        Path file = Files.createTempFile("gatecast-bench-", ".jfr");
        try {
            Reading reading = ground.run(Way.OURS, List.of("-XX:StartFlightRecording:filename=" + file
                    + ",settings=default,jdk.CPUTimeSample#enabled=true,jdk.CPUTimeSample#throttle=5ms"));
            return summary(RecordingFile.readAllEvents(file), Instant.ofEpochMilli((long) reading.since()));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static String summary(List<RecordedEvent> events, Instant since) {
        Map<String, Integer> parts = new TreeMap<>(), methods = new TreeMap<>(), threads = new TreeMap<>();
        int samples = 0;
        for (RecordedEvent event : events) {
            if (!event.getEventType().getName().equals(SAMPLE) || event.getStackTrace() == null
                    || event.getStartTime().isBefore(since)) {
                continue;
            }
            String thread = event.getThread("eventThread") == null
                    ? ""
                    : String.valueOf(event.getThread("eventThread").getJavaName());
            threads.merge(thread.contains("StreamThread")
                    ? thread.contains("producer") ? "producer's sender" : "StreamThread"
                    : thread.contains("producer") ? "producer's sender" : "others", 1, Integer::sum);
            if (!thread.contains("StreamThread") || thread.contains("producer")) {
                continue;
            }
            samples++;
            List<RecordedFrame> frames = event.getStackTrace().getFrames();
            parts.merge(part(frames), 1, Integer::sum);
            methods.merge(name(frames.getFirst()), 1, Integer::sum);
        }
        return "\nWhere the processor time goes (" + samples + " samples of the threads that take observations)\n\n"
                + table("thread", threads, samples) + "\n" + table("part", parts, samples) + "\n"
                + table("method", methods, samples);
    }

    private static String part(List<RecordedFrame> frames) {
        for (RecordedFrame frame : frames) {
            String type = frame.getMethod().getType().getName();
            for (Map.Entry<String, String> part : PARTS.entrySet()) {
                if (type.startsWith(part.getKey())) {
                    return part.getValue();
                }
            }
        }
        return "other";
    }

    private static String name(RecordedFrame frame) {
        String type = frame.getMethod().getType().getName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethod().getName();
    }

    private static String table(String what, Map<String, Integer> counts, int all) {
        StringBuilder text = new StringBuilder("| " + what + " | share |\n|---|---|\n");
        List<Map.Entry<String, Integer>> sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(Map.Entry.<String, Integer>comparingByValue().reversed()
                .thenComparing(Comparator.comparing(Map.Entry::getKey)));
        for (Map.Entry<String, Integer> entry : sorted.subList(0, Math.min(LINES, sorted.size()))) {
            text.append(String.format(Locale.ROOT, "| %s | %.1f %% |%n", entry.getKey(),
                    100.0 * entry.getValue() / Math.max(1, all)));
        }
        return text.toString();
    }
}
