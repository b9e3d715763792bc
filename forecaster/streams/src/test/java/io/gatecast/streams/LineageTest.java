package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.State;
import io.gatecast.streams.Lineage.Decision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineageTest {
    private static final List<ModelVersion> MODELS = IntStream.rangeClosed(1, 4)
            .mapToObj(v -> new ModelVersion("fleet", v, 0, "of " + v))
            .toList();

    private static Decision decision(long sequence, int version, State state, long from) {
        return new Decision(sequence, MODELS.get(version - 1), state, state == State.CANARY ? 0.25 : 0, from);
    }

    private static @Nullable Integer judge(Lineage lineage, long time) {
        ModelVersion model = lineage.judge("a", time);
        return model == null ? null : model.version();
    }

    @Test
    void aPromotionCountsFromItsTimeAndARollbackGoesBack() {
        Lineage lineage = Lineage.of(List.of(decision(1, 1, State.CHAMPION, 0), decision(2, 2, State.CHAMPION, 10),
                decision(3, 2, State.RETIRED, 20)));
        assertEquals(1, judge(lineage, 9));
        assertEquals(2, judge(lineage, 10));
        assertEquals(1, judge(lineage, 20));
    }

    @Test
    void aRollbackThatIsDecidedLaterUndoesAPromotionToCome() {
        Lineage lineage = Lineage.of(List.of(decision(1, 1, State.CHAMPION, 0), decision(2, 2, State.CHAMPION, 30),
                decision(3, 2, State.RETIRED, 20)));
        assertEquals(1, judge(lineage, 35));
    }

    @Test
    void aCandidateJudgesNobody() {
        assertNull(judge(Lineage.of(List.of(decision(1, 1, State.CANDIDATE, 0))), 5));
        assertNull(judge(Lineage.NONE, 5));
    }

    @Test
    void aShadowIsNeverTheJudge() {
        Lineage lineage = Lineage.of(List.of(decision(1, 1, State.CHAMPION, 0), decision(2, 2, State.SHADOW, 10)));
        assertEquals(1, judge(lineage, 15));
        assertEquals(2, Objects.requireNonNull(assertNotNull(lineage.at(15)).shadow()).version());
        assertNull(assertNotNull(lineage.at(5)).shadow());
    }

    /// A quarter of the series, the same ones whoever asks, and a larger share has all of a smaller one's.
    @Test
    void aCanaryJudgesItsShare() {
        Lineage lineage = Lineage.of(List.of(decision(1, 1, State.CHAMPION, 0), decision(2, 2, State.CANARY, 10)));
        long canaries = IntStream.range(0, 10_000)
                .filter(i -> assertNotNull(lineage.judge("sensor-" + i, 10)).version() == 2).count();
        assertTrue(canaries > 2300 && canaries < 2700, canaries + " of 10,000");
        assertTrue(IntStream.range(0, 10_000).mapToObj(i -> "sensor-" + i)
                .allMatch(id -> !Canary.includes(id, 0.05) || Canary.includes(id, 0.06)));
        assertTrue(Canary.includes("any", 1));
        assertTrue(!Canary.includes("any", 0));
    }

    private static <T> T assertNotNull(@Nullable T value) {
        org.junit.jupiter.api.Assertions.assertNotNull(value);
        return Objects.requireNonNull(value);
    }

    /// The order in which decisions are read is of no account, and each time is judged by the definition: of the versions
    /// whose last effective word is champion, the one whose word came last.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void itIsAFunctionOfWhatWasDecided(long seed) {
        Random random = new Random(seed);
        List<Decision> decisions = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            decisions.add(decision(i, 1 + random.nextInt(4), State.values()[random.nextInt(State.values().length)],
                    random.nextInt(30)));
        }
        List<Decision> shuffled = new ArrayList<>(decisions);
        Collections.shuffle(shuffled, random);
        Lineage lineage = Lineage.of(shuffled);
        for (int time = 0; time < 40; time++) {
            Integer expected = null;
            long last = 0;
            for (int version = 1; version <= 4; version++) {
                Decision word = null;
                for (Decision each : decisions) {
                    word = each.model().version() == version && each.from() <= time ? each : word;
                }
                if (word != null && word.state() == State.CHAMPION && word.sequence() > last) {
                    last = word.sequence();
                    expected = version;
                }
            }
            Lineage.Epoch epoch = lineage.at(time);
            ModelVersion champion = epoch == null ? null : epoch.champion();
            assertEquals(expected, champion == null ? null : champion.version(), "seed " + seed + ", time " + time);
        }
    }
}
