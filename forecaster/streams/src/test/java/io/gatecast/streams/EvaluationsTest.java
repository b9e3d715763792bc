package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationsTest {
    private static final long HOUR = TestModels.HOUR;

    @TempDir
    private Path folder;

    private static double value(int hour) {
        return 100 + 10 * Math.sin(hour);
    }

    /// Held against the forecasts that went out.
    @Test
    void forecastsFromFartherAheadAreScoredWhenTheyComeTrue() {
        StreamsSettings settings = Bench.settings(folder, Map.of("gatecast.evaluate.horizons", "3, 2,99",
                "gatecast.evaluations.window", "10"));
        assertEquals(List.of(2, 3, 99), settings.evaluation().ahead());
        try (Bench bench = new Bench(settings, Map.of())) {
            bench.publish(1, 0);
            for (int hour = 1; hour <= 31; hour++) {
                bench.observe("a", hour * HOUR, value(hour));
            }
            List<Forecast> forecasts = bench.forecasts().stream().map(TestRecord::value).toList();
            List<Evaluation> evaluations = bench.evaluations().stream().map(TestRecord::value)
                    .filter(each -> each.getScope() == Scope.SERIES).toList();
            assertEquals(List.of(1, 2, 3, 1, 2, 3, 1, 2, 3),
                    evaluations.stream().map(Evaluation::getHorizon).toList());
            for (int i = 3; i < 9; i++) {
                Evaluation evaluation = evaluations.get(i);
                assertEquals(10, evaluation.getTargets());
                double inside = 0, smape = 0, error = 0, last = 0;
                for (int t = 0; t < 10; t++) {
                    int target = (int) (evaluation.getWindowStart().toEpochMilli() / HOUR) + t;
                    int origin = target - evaluation.getHorizon();
                    List<Float> values = forecasts.get(origin - 1).getValues();
                    int at = 3 * (evaluation.getHorizon() - 1);
                    inside += value(target) >= values.get(at) && value(target) <= values.get(at + 2) ? 1 : 0;
                    smape += 200 * Math.abs(value(target) - values.get(at + 1))
                            / (Math.abs(value(target)) + Math.abs(values.get(at + 1)));
                    error += Math.abs(value(target) - values.get(at + 1));
                    last += Math.abs(value(target) - value(origin));
                }
                assertEquals(inside / 10, evaluation.getCoverage(), 1e-9);
                assertEquals(smape / 10, evaluation.getSmape(), 1e-3);
                assertEquals(1 - error / last, evaluation.getSkillOverLastValue(), 1e-3);
            }
        }
    }

    @Test
    void aFleetIsSummedUpByEventTime() {
        StreamsSettings settings = Bench.settings(folder,
                Map.of("gatecast.evaluations.fleet", "12h", "gatecast.evaluate.horizons", "2"));
        try (Bench bench = new Bench(settings, Map.of())) {
            bench.publish(1, 0);
            for (int hour = 1; hour <= 60; hour++) {
                for (int series = 0; series < 5; series++) {
                    bench.observe("s" + series, hour * HOUR, value(hour + series));
                }
            }
            List<TestRecord<String, Evaluation>> all = bench.evaluations();
            List<TestRecord<String, Evaluation>> sums = all.stream()
                    .filter(each -> each.value().getScope() == Scope.FLEET).toList();
            assertEquals(8, sums.size(), "four windows have ended, of two steps ahead each");
            for (TestRecord<String, Evaluation> sum : sums) {
                assertEquals("fleet/1@0", sum.key());
                List<Evaluation> parts = new ArrayList<>();
                for (TestRecord<String, Evaluation> each : all) {
                    long end = each.value().getWindowEnd().toEpochMilli();
                    if (each.value().getScope() == Scope.SERIES
                            && Objects.equals(each.value().getHorizon(), sum.value().getHorizon())
                            && end > sum.value().getWindowStart().toEpochMilli()
                            && end <= sum.value().getWindowEnd().toEpochMilli()) {
                        parts.add(each.value());
                    }
                }
                assertEquals(parts.size(), sum.value().getEvaluations());
                long targets = parts.stream().mapToLong(Evaluation::getTargets).sum();
                assertEquals(targets, sum.value().getTargets());
                assertEquals(parts.stream().mapToDouble(each -> each.getMase() * each.getTargets()).sum() / targets,
                        sum.value().getMase(), 1e-12);
                assertTrue(sum.value().getWidth() == null && sum.value().getPinball() == null);
            }
        }
    }

    @Test
    void stepsAheadThatAreNoneAreRefused() {
        for (String bad : new String[]{"0", "6;24", "-1", "a day"}) {
            assertEquals("settings: gatecast.evaluate.horizons: expected none or steps ahead with commas between, as in"
                    + " 6,24, found '" + bad + "'",
                    assertThrows(IllegalArgumentException.class,
                            () -> Bench.settings(folder, Map.of("gatecast.evaluate.horizons", bad))).getMessage());
        }
    }
}
