package io.gatecast.training.detection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.training.data.Series;
import io.gatecast.training.detection.Labelled.Window;
import io.gatecast.training.detection.NabScore.Profile;
import io.gatecast.training.detection.NabScore.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The scores by hand, and by a second way of counting. That NAB's own figures come out of its stored detectors is shown by
/// `gatecast evaluate-detector --layout nab --scores`, on data that is not part of the project.
class DetectionScoresTest {
    private static final long HOUR = 3_600_000;

    @TempDir
    private Path folder;

    /// 200 rows, of which the first 30 are not judged; windows of ten rows.
    private static Labelled series(Window... windows) {
        return new Labelled(new Series("s", timestamps(200), new double[][]{new double[200]}), List.of(windows));
    }

    private static long[] timestamps(int rows) {
        long[] timestamps = new long[rows];
        Arrays.setAll(timestamps, i -> i * HOUR);
        return timestamps;
    }

    private static Alarms alarms(Labelled of, double... rowsAndScores) {
        double[] scores = new double[of.series().length()];
        for (int i = 0; i < rowsAndScores.length; i += 2) {
            scores[(int) rowsAndScores[i]] = rowsAndScores[i + 1];
        }
        return new Alarms(of, scores);
    }

    private static double sigmoid(double y) {
        return 2 / (1 + Math.exp(5 * y)) - 1;
    }

    @Test
    void anAlarmAtTheFirstRowOfAWindowIsPerfectAndSilenceIsNothing() {
        Labelled one = series(new Window(100, 109));
        assertEquals(100, NabScore.best(List.of(alarms(one, 100, 0.9)), Profile.STANDARD).score(), 1e-9);
        Result silence = NabScore.best(List.of(alarms(one)), Profile.STANDARD);
        assertEquals(0, silence.score());
        assertEquals(1, silence.missed());
    }

    @Test
    void lateAlarmsAreWorthLessAndTheEarliestCounts() {
        Labelled one = series(new Window(100, 109));
        Result late = NabScore.at(List.of(alarms(one, 105, 0.9, 107, 0.8)), Profile.STANDARD, 0.5);
        assertEquals(sigmoid(-0.5) / sigmoid(-1), late.raw(), 1e-12);
    }

    @Test
    void falseAlarmsCostByTheirDistanceFromTheWindowBefore() {
        Labelled one = series(new Window(100, 109));
        double hit = 1;
        assertEquals(hit - 0.11, NabScore.at(List.of(alarms(one, 100, 1, 50, 1)), Profile.STANDARD, 0.5).raw(), 1e-12);
        assertEquals(hit + 0.22 * sigmoid(3 / 9.0),
                NabScore.at(List.of(alarms(one, 100, 1, 112, 1)), Profile.REWARD_LOW_FP_RATE, 0.5).raw(), 1e-12);
        assertEquals(hit - 0.11, NabScore.at(List.of(alarms(one, 100, 1, 190, 1)), Profile.STANDARD, 0.5).raw(), 1e-12);
    }

    @Test
    void whatComesBeforeItIsJudgedDoesNotCount() {
        Labelled one = series(new Window(100, 109));
        assertEquals(30, one.probation());
        assertEquals(-1, NabScore.at(List.of(alarms(one, 29, 1)), Profile.STANDARD, 0.5).raw());
    }

    /// The best threshold by trying each.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theBestThresholdIsFound(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Alarms> detected = List.of(random(random, series(new Window(60, 70), new Window(150, 160))),
                random(random, series()), random(random, series(new Window(100, 130))));
        for (Profile profile : Profile.values()) {
            double best = 0;
            for (Alarms each : detected) {
                for (double threshold : each.scores()) {
                    best = threshold == 0 ? best : Math.max(best, NabScore.at(detected, profile, threshold).score());
                }
            }
            Result found = NabScore.best(detected, profile);
            assertEquals(best, found.score(), 1e-9);
            if (found.threshold() < Double.POSITIVE_INFINITY) {
                assertEquals(found, NabScore.at(detected, profile, found.threshold()));
            }
        }
    }

    private static Alarms random(SplittableRandom random, Labelled of) {
        double[] scores = new double[200];
        for (int i = 0; i < 200; i++) {
            scores[i] = random.nextInt(10) == 0 ? random.nextInt(1, 9) / 8.0 : 0;
        }
        return new Alarms(of, scores);
    }

    @Test
    void withoutAWindowThereIsNoScore() {
        assertThrows(IllegalArgumentException.class, () -> NabScore.best(List.of(alarms(series())), Profile.STANDARD));
    }

    @Test
    void eventsAreCountedOnceAndFalseAlarmsEach() {
        Labelled two = series(new Window(60, 69), new Window(150, 159));
        List<Alarms> detected = List.of(alarms(two, 63, 0.9, 65, 0.8, 100, 0.7, 101, 0.6, 151, 0.5));
        EventScore all = EventScore.of(detected);
        assertEquals(2, all.found());
        assertEquals(2, all.falseAlarms());
        assertEquals(1, all.recall());
        assertEquals(0.5, all.precision());
        assertEquals(2 / 3.0, all.f1(), 1e-12);
        assertEquals((3 + 1) / 2.0, all.delay());
        assertEquals(169 / 24.0, all.days(), 1e-12);
        EventScore strict = EventScore.within(detected, 0.1);
        assertEquals(0.8, strict.threshold());
        assertEquals(1, strict.found());
        assertEquals(0, strict.falseAlarms());
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aFolderThatIsNotThereIsSaid(Layout layout) {
        String refused = String.valueOf(
                assertThrows(IOException.class, () -> layout.read(folder.resolve("nowhere"))).getMessage());
        assertTrue(refused.contains("nowhere") && refused.contains("check the path"), refused);
    }

    @Test
    void nabsLayoutIsReadWithItsWindows() throws IOException {
        write("data/kind/a.csv",
                "timestamp,value\n2026-01-01 00:00:00,1\n2026-01-01 01:00:00,\n2026-01-01 02:00:00,3\n");
        write("labels/combined_windows.json",
                "{\"kind/a.csv\": [[\"2026-01-01 00:30:00.000000\", \"2026-01-01 02:00:00.000000\"]]}");
        Labelled read = Layout.NAB.read(folder).getFirst();
        assertEquals("kind/a.csv", read.series().id());
        assertEquals(List.of(new Window(1, 2)), read.windows());
        assertTrue(Double.isNaN(read.series().values()[0][1]));
    }

    @Test
    void rowsThatAreWrongMakeEvents() throws IOException {
        write("x.csv", "timestamp,value,label\n60,1,0\n120,2,1\n180,3,1\n240,4,0\n300,5,1\n");
        assertEquals(List.of(new Window(1, 2), new Window(4, 4)), Layout.KPI.read(folder).getFirst().windows());
    }

    @Test
    void sensorsAreChannels() throws IOException {
        write("valve/1.csv", "datetime;A;B;anomaly;changepoint\n2026-01-01 00:00:00;1;2;0.0;0.0\n"
                + "2026-01-01 00:00:01;3;4;1.0;1.0\n");
        write("free/0.csv", "datetime;A;B\n2026-01-01 00:00:00;1;2\n");
        List<Labelled> read = Layout.SKAB.read(folder);
        assertEquals(1, read.size());
        assertEquals(4, read.getFirst().series().values()[1][1]);
        assertEquals(List.of(new Window(1, 1)), read.getFirst().windows());
    }

    @Test
    void aWrongCellIsSaidWithItsLine() throws IOException {
        Path file = write("x.csv", "timestamp,value,label\n60,1,0\n120,two,1\n");
        assertEquals(file + ":3: value: expected a number, found \"two\"",
                assertThrows(IOException.class, () -> Layout.KPI.read(folder)).getMessage());
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
