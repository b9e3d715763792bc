package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.State;
import io.gatecast.network.kernel.Precision;
import io.gatecast.series.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Few models stand compiled, whoever asks gets the one of his time all the same.
final class CompiledModelsTest {
    private static final long HOUR = TestModels.HOUR;
    private static final int SWAPS = 10;
    private static final int HOURS_EACH = 6;

    @TempDir
    private Path folder;

    /// Version k counts from hour 6k on.
    private Bench withTenSwaps(Path at) {
        Bench bench = new Bench(at);
        for (int version = 1; version <= SWAPS + 1; version++) {
            bench.publish(version, (version - 1) * HOURS_EACH * HOUR);
        }
        return bench;
    }

    private static void observe(Bench bench, String series, int from, int to) {
        for (int hour = from; hour < to; hour++) {
            bench.observe(series, hour * HOUR, Math.sin(hour));
            assertTrue(bench.compiled() <= 2, series + " at hour " + hour + ": " + bench.compiled() + " models");
        }
    }

    /// A series that comes late with old observations is judged by the versions of their time, to the bit as if it had come
    /// in time.
    @Test
    void tenSwapsLeaveTwoInMemoryAndALateSeriesIsJudgedAsEver() {
        int end = (SWAPS + 1) * HOURS_EACH;
        try (Bench bench = withTenSwaps(folder.resolve("late"));
                Bench inTime = withTenSwaps(folder.resolve("timely"))) {
            observe(inTime, "late", 1, end);
            List<String> expected = inTime.forecastBytes();

            observe(bench, "a", 1, end);
            bench.forecastBytes();
            observe(bench, "late", 1, end);
            assertEquals(expected, bench.forecastBytes());
            assertEquals(0, bench.counters().lateModels());
            assertTrue(bench.counters().swaps() > 2 * SWAPS, bench.counters()::toString);
            assertTrue(bench.counters().longestSwapMillis() > 0);
            assertTrue(bench.counters().swapMillis() >= bench.counters().longestSwapMillis());
        }
        assertFalse(Files.exists(folder.resolve("late/gatecast.models")), "nothing is left on disk");
    }

    /// Who judges changes with every observation: nobody is compiled anew for each.
    @Test
    void seriesOnBothSidesOfASwapShareTwoModels() {
        try (Bench bench = withTenSwaps(folder)) {
            int last = SWAPS * HOURS_EACH;
            observe(bench, "a", last, last + 1);
            long swaps = bench.counters().swaps();
            for (int hour = 1; hour < HOURS_EACH; hour++) {
                observe(bench, "a", last + hour, last + hour + 1);
                observe(bench, "b", hour, hour + 1);
            }
            assertEquals(swaps + 1, bench.counters().swaps());
            bench.passTime(Duration.ofSeconds(10));
            observe(bench, "a", last + HOURS_EACH, last + HOURS_EACH + 1);
            bench.passTime(Duration.ofSeconds(10));
            assertEquals(1, bench.compiled(), "nobody has asked for the old one meanwhile");
        }
    }

    @Test
    void aCanaryAndAShadowHaveOneEachBeside() {
        try (Bench bench = new Bench(folder)) {
            for (int version = 1; version <= 4; version++) {
                bench.publish(version, version == 4 ? 0 : 1000 * HOUR);
            }
            bench.announce(ModelEvents.state(TestModels.ID, 1, State.SHADOW, 0, Instant.EPOCH, "test", "to see"));
            bench.announce(ModelEvents.state(TestModels.ID, 2, State.CANARY, 0.5, Instant.EPOCH, "test", "to see"));
            bench.announce(ModelEvents.state(TestModels.ID, 3, State.RETIRED, 0, Instant.EPOCH, "test", "to see"));
            for (int series = 0; series < 20; series++) {
                for (int hour = 1; hour < 4; hour++) {
                    bench.observe("s" + series, hour * HOUR, Math.sin(hour));
                }
            }
            assertEquals(3, bench.counters().swaps());
            assertEquals(3, bench.compiled());
        }
    }

    private static byte[] bytes(int version) {
        return new byte[]{(byte) version};
    }

    private CompiledModels models() {
        return new CompiledModels(folder.resolve("models"), Precision.FLOAT32, bytes -> TestModels.record(bytes[0], 0));
    }

    private static ModelVersion version(int version) {
        return new ModelVersion(TestModels.ID, version, 0, CompiledModels.digestOf(bytes(version)));
    }

    @Test
    void whatIsNeitherWantedNorInHandGoes() {
        try (CompiledModels models = models()) {
            List<ModelVersion> versions = IntStream.rangeClosed(1, 5).mapToObj(CompiledModelsTest::version).toList();
            versions.forEach(version -> models.keep(version, bytes(version.version())));
            models.want(Set.of(versions.get(0), versions.get(1)));
            Model first = models.take(versions.get(0));
            assertSame(first, models.take(versions.get(0)), "tasks share one");
            models.want(Set.of(versions.get(2)));
            assertEquals(2, models.count(TestModels.ID));
            models.release(versions.get(0));
            assertEquals(2, models.count(TestModels.ID), "another task has it yet");
            models.release(versions.get(0));
            assertEquals(1, models.count(TestModels.ID));
            assertEquals(5, models.take(versions.get(4)).version());
            assertEquals(0, models.count("other"));
        }
    }

    @Test
    void manyWhoAskAtOnceGetOneAndTheSame() throws InterruptedException {
        try (CompiledModels models = models()) {
            models.keep(version(3), bytes(3));
            List<Model> taken = new ArrayList<>();
            List<Thread> threads = IntStream.range(0, 8).mapToObj(i -> Thread.ofPlatform().start(() -> {
                Model model = models.take(version(3));
                synchronized (taken) {
                    taken.add(model);
                }
            })).toList();
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(8, taken.size());
            assertEquals(1, taken.stream().map(System::identityHashCode).distinct().count());
        }
    }

    @Test
    void weightsAreKeptInThePrecisionThatWasAskedFor() {
        try (CompiledModels models = new CompiledModels(folder.resolve("models"), Precision.INT16,
                bytes -> TestModels.record(bytes[0], 0))) {
            models.keep(version(1), bytes(1));
            Model fromDisk = models.take(version(1));
            assertSame(fromDisk.network(), fromDisk.network().in(Precision.INT16));
            models.want(Set.of(version(2)));
            models.add(version(2), ModelRecords.toModel(TestModels.record(2, 0), "test"));
            Model asItCame = models.take(version(2));
            assertSame(asItCame.network(), asItCame.network().in(Precision.INT16));
        }
    }

    @Test
    void aDamagedDiskIsNamed() throws IOException {
        try (CompiledModels models = models()) {
            models.keep(version(1), bytes(1));
            Path file = folder.resolve("models").resolve(version(1).digest() + ".model");
            Files.write(file, bytes(2));
            String fault = assertThrows(UncheckedIOException.class, () -> models.take(version(1))).getMessage();
            assertEquals(
                    "model fleet/1 cannot be read from " + file + ": start the instance again, which writes it anew",
                    fault);
            models.keep(version(1), bytes(1));
            assertNotNull(models.take(version(1)), "another try is another try");
        }
    }
}
