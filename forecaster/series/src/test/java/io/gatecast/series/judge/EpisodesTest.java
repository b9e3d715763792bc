package io.gatecast.series.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.series.AnomalyEvent;
import io.gatecast.series.AnomalyEvent.Kind;
import io.gatecast.series.AnomalyEvent.Phase;
import io.gatecast.series.AnomalyEvent.Severity;
import io.gatecast.series.judge.Episodes.Restraint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpisodesTest {
    private static final Episodes.Rules RULES = new Episodes.Rules(0.5, 0.3, 3, 0.7, 0.85, 6, 10, Restraint.NONE);

    private final Episodes episodes = new Episodes(RULES);
    private final ByteBuffer memory = ByteBuffer.allocate(episodes.bytes()).order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void anEpisodeOpensAtTheThresholdAndClosesAfterEnoughCalm() {
        assertEquals(List.of("5 OPENED MINOR", "11 CLOSED MINOR"),
                turns(0, 0.1, 0.4, 0.49, 0.2, 0.5, 0.2, 0.1, 0.35, 0.2, 0.1, 0.2, 0.4, 0.1));
    }

    @Test
    void aScoreThatHoversDoesNotFlap() {
        assertEquals(List.of("0 OPENED MINOR"), turns(0.5, 0.2, 0.49, 0.2, 0.2, 0.31));
    }

    @Test
    void anUpdateIsToldWhenSeverityRisesAndOnlyThen() {
        assertEquals(
                List.of("0 OPENED MINOR", "2 UPDATED MAJOR", "4 UPDATED CRITICAL", "8 CLOSED CRITICAL"),
                turns(0.55, 0.6, 0.7, 0.75, 0.9, 0.95, 0, 0, 0));
    }

    @Test
    void lastingMakesAnEpisodeGraverWithoutAnyPeak() {
        assertEquals(List.of("0 OPENED MINOR", "5 UPDATED MAJOR", "9 UPDATED CRITICAL"),
                turns(0.5, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4));
    }

    @Test
    void anEpisodeMayOpenAtItsWorst() {
        assertEquals(List.of("0 OPENED CRITICAL"), turns(0.99, 0.99));
    }

    @Test
    void aMissingObservationChangesNothing() {
        assertEquals(List.of("1 OPENED MINOR", "6 CLOSED MINOR"),
                turns(Double.NaN, 0.6, 0.1, 0.1, Double.NaN, Double.NaN, 0.1));
    }

    @Test
    void anEpisodeIsNamedByItsSeriesAndItsOpeningToTheEnd() {
        AnomalyEvent opened = judge(1_700_000_000_000L, 0.6);
        assertEquals(new AnomalyEvent("pump-7@1700000000000", Phase.OPENED, 1_700_000_000_000L, Kind.IMPROBABLE, 1, 9,
                5, 4, 6, 0.6,
                Severity.MINOR), opened);
        judge(1_700_000_001_000L, 0);
        judge(1_700_000_002_000L, 0);
        AnomalyEvent closed = judge(1_700_000_003_000L, 0);
        assertEquals("pump-7@1700000000000", closed == null ? null : closed.episodeId());
    }

    @Test
    void theBeginningOfTimeIsATimeLikeAnyOther() {
        AnomalyEvent opened = judge(0, 0.6);
        assertEquals("pump-7@0", opened == null ? null : opened.episodeId());
        assertTrue(episodes.open(memory, 0));
        assertNull(judge(1, 0.6));
    }

    /// Whatever the scores, what is told reads OPENED (UPDATED at most twice, ever graver) CLOSED, under one name.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverTheScoresEpisodesAreWellFormed(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        AnomalyEvent last = null;
        for (int t = 0; t < 20_000; t++) {
            double score = random.nextInt(20) == 0 ? Double.NaN : Math.pow(random.nextDouble(), random.nextInt(1, 6));
            AnomalyEvent event = judge(t, score);
            if (event != null) {
                assertFollows(last, event);
                last = event;
            }
            assertEquals(last != null && last.phase() != Phase.CLOSED, episodes.open(memory, 0));
        }
    }

    private static void assertFollows(@Nullable AnomalyEvent last, AnomalyEvent event) {
        boolean quiet = last == null || last.phase() == Phase.CLOSED;
        assertEquals(quiet, event.phase() == Phase.OPENED);
        if (last != null && !quiet) {
            assertEquals(last.episodeId(), event.episodeId());
            int rise = event.severity().compareTo(last.severity());
            assertTrue(event.phase() == Phase.UPDATED ? rise > 0 : rise == 0, last + " then " + event);
        }
    }

    @Test
    void staysWithinItsBytes() {
        ByteBuffer wide = ByteBuffer.allocate(episodes.bytes() + 16).order(ByteOrder.LITTLE_ENDIAN);
        episodes.judge(wide, 8, "s", Long.MAX_VALUE, 0.99, 1, 0, 0, 0, 0, 0, 0);
        assertEquals(0, wide.getLong(0));
        assertEquals(0, wide.getLong(wide.capacity() - 8));
        assertFalse(episodes.open(memory, 0));
    }

    @Test
    void rulesThatContradictThemselvesAreRefused() {
        Exception refused = assertThrows(IllegalArgumentException.class,
                () -> new Episodes.Rules(0.5, 0.6, 3, 0.7, 0.85, 6, 10, Restraint.NONE));
        assertEquals("calm: expected a score above 0 and at most open 0.5, found 0.6", refused.getMessage());
    }

    /// 0.5 is 4 digits; the alarm at 0 asks for 5, or 4.99 after ten quiet steps, of the next.
    @Test
    void anAlarmRaisesTheThresholdAndQuietStepsLowerIt() {
        Episodes restrained = new Episodes(
                new Episodes.Rules(0.5, 0.3, 1, 0.7, 0.85, 6, 10, new Restraint(1, 0, 0)));
        ByteBuffer bytes = ByteBuffer.allocate(restrained.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(Phase.OPENED, phase(restrained, bytes, AnomalyScore.score(4)));
        assertEquals(Phase.CLOSED, phase(restrained, bytes, 0));
        for (int i = 0; i < 8; i++) {
            assertNull(phase(restrained, bytes, AnomalyScore.score(4.98)));
        }
        assertEquals(Phase.OPENED, phase(restrained, bytes, AnomalyScore.score(4.992)));
    }

    @Test
    void whileItCoolsDownOnlyAnEscalationOpensAnother() {
        Episodes restrained = new Episodes(
                new Episodes.Rules(0.5, 0.3, 1, 0.7, 0.85, 6, 10, new Restraint(0, 4, 2)));
        ByteBuffer bytes = ByteBuffer.allocate(restrained.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(Phase.OPENED, phase(restrained, bytes, AnomalyScore.score(5)));
        assertEquals(Phase.CLOSED, phase(restrained, bytes, 0));
        assertNull(phase(restrained, bytes, AnomalyScore.score(6.9)));
        assertEquals(Phase.OPENED, phase(restrained, bytes, AnomalyScore.score(7.1)));
        assertEquals(Phase.CLOSED, phase(restrained, bytes, 0));
        for (int i = 0; i < 3; i++) {
            assertNull(phase(restrained, bytes, 0.55));
        }
        assertEquals(Phase.OPENED, phase(restrained, bytes, 0.55));
    }

    /// However wildly a series behaves, in the long run it alarms no oftener than its budget allows.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void alarmsKeepToTheBudget(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double budget = 1.0 / 200 / seed;
        Episodes restrained = new Episodes(
                new Episodes.Rules(0.41, 0.3, 3, 0.7, 0.85, 6, 10, new Restraint(0.15, 12, 3.5)));
        ByteBuffer bytes = ByteBuffer.allocate(restrained.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        int steps = 400_000, alarms = 0;
        for (int t = 0; t < steps; t++) {
            double digits = -Math.log(1 - random.nextDouble()) * (1 + seed); // far too many
            alarms += phase(restrained, bytes, AnomalyScore.score(digits), budget) == Phase.OPENED ? 1 : 0;
        }
        assertTrue(alarms < 1.1 * steps * budget + 300 && alarms > 0.5 * steps * budget, alarms + " alarms");
    }

    @Test
    void withoutAnyBudgetThereIsNoAlarm() {
        assertNull(phase(episodes, memory, 0.99, 0));
        assertEquals(Phase.OPENED, phase(episodes, memory, 0.99, 1e-9));
    }

    /// What is rare enough by as many digits opens one all the same.
    @Test
    void feedbackRaisesTheThresholdByItsDigits() {
        Episodes usual = new Episodes(Episodes.Rules.of(1));
        double least = AnomalyScore.digits(0.41);
        assertNull(usual.judge(memory, 0, "s", 0, AnomalyScore.score(least + 0.49), 1e-4, 0.5, 0, 0, 0, 0, 0));
        assertNotNull(usual.judge(memory, 0, "s", 1, AnomalyScore.score(least + 0.51), 1e-4, 0.5, 0, 0, 0, 0, 0));
    }

    private static @Nullable Phase phase(Episodes episodes, ByteBuffer memory, double score) {
        return phase(episodes, memory, score, 0.001);
    }

    private static @Nullable Phase phase(Episodes episodes, ByteBuffer memory, double score, double budget) {
        AnomalyEvent event = episodes.judge(memory, 0, "s", 0, score, budget, 0, 0, 0, 0, 0, 0);
        return event == null ? null : event.phase();
    }

    private List<String> turns(double... scores) {
        List<String> turns = new ArrayList<>();
        for (int t = 0; t < scores.length; t++) {
            AnomalyEvent event = judge(t, scores[t]);
            if (event != null) {
                turns.add(t + " " + event.phase() + " " + event.severity());
            }
        }
        return turns;
    }

    private @Nullable AnomalyEvent judge(long timestamp, double score) {
        return episodes.judge(memory, 0, "pump-7", timestamp, score, 1, 0, 1, 9, 5, 4, 6);
    }
}
