package io.gatecast.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.series.Feedback.Word;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedbackTest {
    private static final long STEP = 1000;
    private static final double RELIEF = 0.01;

    @Test
    void aFalseAlarmCountsFromItsTimeAndWearsOff() {
        Feedback feedback = Feedback.of(List.of(new Word("e", 10 * STEP, true)));
        assertEquals(0, digits(feedback, 10 * STEP - 1));
        assertEquals(0.5, digits(feedback, 10 * STEP));
        assertEquals(0.3, digits(feedback, 30 * STEP), 1e-12);
        assertEquals(0, digits(feedback, 60 * STEP));
        assertEquals(0, digits(feedback, Long.MAX_VALUE));
    }

    @Test
    void aTrueAlarmTakesBackWhatFalseOnesRaisedAndNoMore() {
        assertEquals(0.5, digits(Feedback.of(List.of(new Word("a", 0, true), new Word("b", 0, true),
                new Word("c", 0, false))), 0));
        assertEquals(0.5, digits(Feedback.of(List.of(new Word("a", 0, false), new Word("b", 0, true))), 0));
        assertEquals(0, digits(Feedback.of(List.of(new Word("a", 0, false))), 0));
    }

    @Test
    void noNumberOfFalseAlarmsMakesASeriesMute() {
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            words.add(new Word("e" + i, 0, true));
        }
        assertEquals(Feedback.MOST, digits(Feedback.of(words), 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7})
    void doesNotDependOnTheOrderNorOnWhatIsYetToCome(long seed) {
        Random random = new Random(seed);
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(20); i++) {
            words.add(new Word("e" + i, random.nextInt(50) * STEP, random.nextInt(3) > 0));
        }
        List<Word> shuffled = new ArrayList<>(words);
        Collections.shuffle(shuffled, random);
        for (long time = 0; time < 100 * STEP; time += 700) {
            long now = time;
            double all = digits(Feedback.of(words), now);
            assertEquals(all, digits(Feedback.of(shuffled), now));
            assertEquals(all, digits(Feedback.of(words.stream().filter(word -> word.from() <= now).toList()), now));
            assertTrue(all >= 0 && all <= Feedback.MOST);
        }
    }

    private static double digits(Feedback feedback, long timestamp) {
        return feedback.digits(timestamp, STEP, RELIEF);
    }
}
