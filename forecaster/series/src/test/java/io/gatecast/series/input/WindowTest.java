package io.gatecast.series.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {

    private record Entry(float value, boolean missing) {}

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 63, 2", "2, 64, 3", "3, 65, 4", "2, 209, 5", "1, 128, 6"})
    void holdsWhatAPlainListHolds(int channels, int context, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Window window = new Window(channels, context);
        List<List<Entry>> lists = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            lists.add(new ArrayList<>());
        }
        for (int step = 0; step < 2 * context + 3; step++) {
            for (int c = 0; c < channels; c++) {
                Entry entry = new Entry((float) random.nextGaussian(), random.nextInt(3) == 0);
                lists.get(c).addFirst(entry);
                window.push(c, entry.value(), entry.missing());
            }
        }
        for (int c = 0; c < channels; c++) {
            for (int age = 0; age < context; age++) {
                assertEquals(lists.get(c).get(age).value(), window.values[window.at(c, age)]);
                assertEquals(lists.get(c).get(age).missing(), window.isMissing(c, age), "age " + age);
            }
            int age = random.nextInt(context);
            int steps = random.nextInt(context + 1);
            long expected = lists.get(c).subList(age, Math.min(context, age + steps)).stream().filter(Entry::missing)
                    .count();
            assertEquals(expected, window.missing(c, age, steps), "age " + age + ", steps " + steps);
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 70", "70, 10", "64, 65", "7, 7"})
    void takesOverTheNewestOfAnotherWindow(int from, int to) {
        Window old = new Window(2, from);
        for (int i = 0; i < 3 * from; i++) {
            old.push(0, i, i % 2 == 0);
            old.push(1, -i, i % 3 == 0);
        }
        Window window = new Window(2, to);
        window.copyFrom(old);
        for (int c = 0; c < 2; c++) {
            for (int age = 0; age < to; age++) {
                if (age < from) {
                    assertEquals(old.values[old.at(c, age)], window.values[window.at(c, age)]);
                    assertEquals(old.isMissing(c, age), window.isMissing(c, age));
                } else {
                    assertTrue(Float.isNaN(window.values[window.at(c, age)]), "age " + age + " was never there");
                }
            }
        }
    }
}
