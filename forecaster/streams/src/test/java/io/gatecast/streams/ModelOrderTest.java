package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.gatecast.avro.Model;
import io.gatecast.avro.Status;
import io.gatecast.streams.StreamsMetrics.Meter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Models that come late, twice, in another order, or go: what the README's table says of each.
final class ModelOrderTest {
    private static final long HOUR = TestModels.HOUR;

    @TempDir
    private Path folder;
    private Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench(folder.resolve("one"));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /// Which counts when follows from versions and event times alone: version 3 from hour 4 on, so that version 2, which
    /// should count from hour 6, never does.
    static Stream<List<Integer>> orders() {
        return Stream.of(List.of(1, 2, 3), List.of(1, 3, 2), List.of(2, 1, 3), List.of(2, 3, 1), List.of(3, 1, 2),
                List.of(3, 2, 1));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void ofWhatIsThereTheNewestVersionCountsInWhateverOrderTheyCame(List<Integer> order) {
        for (int version : order) {
            bench.publish(version, version == 1 ? 0 : version == 2 ? 6 * HOUR : 4 * HOUR);
        }
        observe(1, 8);
        assertEquals(List.of(1, 1, 1, 3, 3, 3, 3, 3), versions());
        assertEquals(1, bench.count(Meter.REWARMED));
        assertEquals(0, bench.count(Meter.LATE_MODELS));
    }

    @Test
    void aModelThatComesTwiceChangesNothing() {
        bench.publish(1, 0);
        bench.publish(2, 3 * HOUR);
        observe(1, 5);
        bench.publish(2, 3 * HOUR);
        observe(6, 8);
        List<String> twice = bench.forecastBytes();
        assertEquals(1, bench.count(Meter.REWARMED));
        assertEquals(0, bench.count(Meter.LATE_MODELS));
        assertEquals(3, bench.count(Meter.MODELS_APPLIED));

        bench.close();
        bench = new Bench(folder.resolve("two"));
        bench.publish(1, 0);
        bench.publish(2, 3 * HOUR);
        observe(1, 8);
        assertEquals(bench.forecastBytes(), twice);
    }

    @Test
    void aModelThatComesAgainAfterItWasDeletedCountsAgain() {
        bench.publish(1, 0);
        bench.publish(2, 0);
        observe(1, 1);
        bench.publish("fleet/2", (byte[]) null);
        observe(2, 2);
        bench.publish(2, 0);
        observe(3, 3);
        assertEquals(List.of(2, 1, 2), versions());
        assertEquals(2, bench.count(Meter.LATE_MODELS));
    }

    @Test
    void aVersionThatComesAgainWithAnotherEventTimeTakesItsOwnPlace() {
        bench.publish(1, 0);
        bench.publish(2, 3 * HOUR);
        bench.publish(2, 5 * HOUR);
        observe(1, 6);
        assertEquals(List.of(1, 1, 1, 1, 2, 2), versions());
        assertEquals(0, bench.count(Meter.LATE_MODELS));
    }

    @Test
    void aModelThatComesLateIsWarnedOfAndTheStreamGoesOn() {
        bench.publish(1, 0);
        observe(1, 5);
        List<String> warnings = warningsOf(() -> {
            bench.publish(2, 3 * HOUR);
            observe(6, 8);
        });
        assertEquals(List.of(1, 1, 1, 1, 1, 2, 2, 2), versions());
        assertEquals(List.of("0_0: a change of model came late: from fleet/1 to fleet/2 at event time"
                + " 1970-01-01T05:00:00Z, which is judged already; it counts from the next observation on"), warnings);
        assertEquals(1, bench.count(Meter.LATE_MODELS));
        assertEquals(8, bench.count(Meter.ACCEPTED));
    }

    @Test
    void withoutAnyModelLeftObservationsAreLeftUnjudged() {
        bench.publish(1, 0);
        observe(1, 2);
        bench.publish("fleet/1", (byte[]) null);
        List<String> warnings = warningsOf(() -> observe(3, 5));
        bench.publish(1, 0);
        observe(6, 6);
        assertEquals(List.of(1, 1, 1), versions());
        assertEquals(3, bench.count(Meter.UNJUDGED));
        assertEquals(2, warnings.size(), warnings::toString);
    }

    @Test
    void aRetiredVersionGivesWay() {
        bench.publish(1, 0);
        bench.publish(2, 0);
        Model retired = TestModels.record(2, 0);
        retired.setStatus(Status.RETIRED);
        bench.publish(retired);
        bench.publish(retired);
        observe(1, 2);
        assertEquals(List.of(1, 1), versions());
        bench.publish("fleet/2", "junk".getBytes(UTF_8)); // refused, and so of no effect
        observe(3, 3);
        assertEquals(List.of(1), versions());
        assertNotEquals(0, bench.count(Meter.MODELS_REFUSED));
    }

    private void observe(int from, int to) {
        for (int hour = from; hour <= to; hour++) {
            bench.observe("a", hour * HOUR, Math.sin(hour));
        }
    }

    private List<Integer> versions() {
        return bench.forecasts().stream().map(record -> record.value().getModelVersion()).toList();
    }

    private static List<String> warningsOf(Runnable work) {
        List<String> warnings = new ArrayList<>();
        long here = Thread.currentThread().threadId(); // the driver has no other; other tests have theirs
        Logger logger = (Logger) LogManager.getLogger(ForecastProcessor.class);
        AbstractAppender listening = new AbstractAppender("listening", null, null, false, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                if (event.getThreadId() == here) {
                    warnings.add(event.getMessage().getFormattedMessage());
                }
            }
        };
        listening.start();
        logger.addAppender(listening);
        try {
            work.run();
        } finally {
            logger.removeAppender(listening);
        }
        return warnings;
    }
}
