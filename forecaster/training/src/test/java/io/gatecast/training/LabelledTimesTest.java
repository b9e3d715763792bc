package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import io.gatecast.training.TrainingPlan.Optimiser;
import io.gatecast.training.TrainingPlan.Sampling;
import io.gatecast.training.data.LabelledTimes;
import io.gatecast.training.data.LabelledTimes.Anomaly;
import io.gatecast.training.data.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelledTimesTest {
    private static final FeatureSpec SPEC = new FeatureSpec(Waves.INTERVAL, 1, List.of(Waves.SEASON), 6, 6, 36, 10);
    private static final int FROM = 100;
    private static final int TO = 130;

    @TempDir
    private Path folder;

    /// What was planted there, and that it was labelled instead of never measured, makes no difference to a single bit.
    @Test
    void labelledAnomaliesLeaveTheWeightsAsIfTheseStepsWereMissing() {
        List<Series> clean = Waves.several(8, 1, 300);
        List<Series> planted = planted(clean, 40), otherwise = planted(clean, -7), missing = planted(clean, Double.NaN);
        LabelledTimes labels = new LabelledTimes(clean.stream().limit(3).map(each -> new Anomaly(each.id(),
                each.timestamps()[FROM] + 1, each.timestamps()[TO - 1])).toList());

        float[] weights = weights(labels.leftOutOf(planted, Waves.INTERVAL));
        assertArrayEquals(weights(missing), weights);
        assertArrayEquals(weights, weights(labels.leftOutOf(otherwise, Waves.INTERVAL)));
        assertFalse(Arrays.equals(weights, weights(planted)), "without labels they are learned");
        assertEquals(3, labels.within(clean));
    }

    private static List<Series> planted(List<Series> clean, double value) {
        List<Series> planted = new ArrayList<>(clean);
        for (int s = 0; s < 3; s++) {
            double[][] values = Arrays.stream(clean.get(s).values()).map(double[]::clone).toArray(double[][]::new);
            Arrays.fill(values[0], FROM, TO, value);
            planted.set(s, new Series(clean.get(s).id(), clean.get(s).timestamps(), values));
        }
        return planted;
    }

    private static float[] weights(List<Series> series) {
        TrainingPlan plan = new TrainingPlan(SPEC,
                SPEC.architecture(List.of(new RecurrentLayer(CellKind.LSTM, 6)), List.of(0.1, 0.5, 0.9)),
                new Sampling(40, 40, 10), Dropout.NONE, new Optimiser(5e-3, 1, 0), 1, 0.1, Limits.epochs(3), 1, 2);
        return Trainer.train(plan, series, (update, done, loss) -> {}).network().parameters().values;
    }

    @Test
    void aStepIsLeftOutAsAWhole() {
        Series series = new Series("a", new long[]{0, 999, 1000, 1700, 1999, 2000, 3000},
                new double[][]{{1, 2, 3, 4, 5, 6, 7}, {1, 2, 3, 4, 5, 6, 7}}, new double[][]{{1, 2, 3, 4, 5, 6, 7}});
        Series left = new LabelledTimes(List.of(new Anomaly("a", 1500, 2000), new Anomaly("b", 0, 9000)))
                .leftOutOf(List.of(series), 1000).getFirst();
        double nan = Double.NaN;
        assertArrayEquals(new double[]{1, 2, nan, nan, nan, nan, 7}, left.values()[0]);
        assertArrayEquals(left.values()[0], left.values()[1]);
        assertArrayEquals(series.covariates()[0], left.covariates()[0]);
    }

    @Test
    void aFilesFalseAlarmsArePassedOver() throws IOException {
        Path file = Files.writeString(folder.resolve("labels.csv"), """
                series,from,to,verdict
                a,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,true alarm
                b,1767225600,1767225601000,FALSE_ALARM
                """);
        assertEquals(List.of(new Anomaly("a", 1767225600000L, 1767229200000L)), LabelledTimes.read(file).anomalies());
        Files.writeString(file, "series,from,to\na,2026-01-01,2026-01-02\n");
        assertEquals(1, LabelledTimes.read(file).anomalies().size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            id,from,to                      | 1 | expected the header series,from,to or series,from,to,verdict, found id,from,to
            series,from,to;a,x,2026-01-01   | 2 | from: expected a timestamp, as in 2026-01-31T12:00:00Z, 2026-01-31 12:00 or milliseconds since 1970, found 'x'
            series,from,to;a,2026-01-02,2026-01-01 | 2 | to: expected a time not before from, found 2026-01-01
            series,from,to,verdict;a,2026-01-01,2026-01-02,maybe | 2 | verdict: expected true alarm or false alarm, found 'maybe'
            """)
    void whatIsNoLabelIsRefusedWithItsLine(String lines, int line, String sentence) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.csv"), lines.replace(';', '\n'));
        assertEquals(file + ":" + line + ": " + sentence,
                assertThrows(IOException.class, () -> LabelledTimes.read(file)).getMessage());
    }
}
