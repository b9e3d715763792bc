package io.gatecast.series.input;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
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
        ByteBuffer stored = ByteBuffer.allocate((int) Window.bytes(2, from));
        old.give(stored, from);
        window.take(stored.flip(), from, 0);
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

    /// What a window held some steps ago, joined to what came since, is what it holds now.
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "7, 3, 2", "64, 64, 3", "65, 1, 4", "130, 33, 5", "504, 32, 6", "504, 70, 7", "200, 199, 8"})
    void anEarlierOneAndWhatCameSinceMakeIt(int context, int since, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Window window = new Window(2, context);
        ByteBuffer earlier = ByteBuffer.allocate((int) Window.bytes(2, context));
        int steps = context + random.nextInt(2 * context);
        for (int step = 0; step < steps; step++) {
            if (step == steps - since) {
                window.give(earlier, context);
            }
            for (int c = 0; c < 2; c++) {
                window.push(c, (float) random.nextGaussian(), random.nextInt(3) == 0);
            }
        }
        ByteBuffer newest = ByteBuffer.allocate((int) Window.bytes(2, since));
        window.give(newest, since);
        Window joined = new Window(2, context);
        if (random.nextBoolean()) {
            joined.take(newest.flip(), since, 0);
            joined.take(earlier.flip(), context, since);
        } else {
            joined.take(earlier.flip(), context, since);
            joined.take(newest.flip(), since, 0);
        }
        assertArrayEquals(window.values, joined.values);
        assertArrayEquals(window.missing, joined.missing);
        assertEquals(0, earlier.remaining() + newest.remaining());
    }

    @ParameterizedTest
    @CsvSource({"70, 70, 1", "70, 70, 69", "504, 504, 40", "130, 65, 64", "65, 130, 3"})
    void ofALaterOneTheNewestArePassedOver(int context, int count, int later) {
        Window window = new Window(1, count);
        for (int step = 0; step < 3 * count; step++) {
            window.push(0, step, step % 3 == 0);
        }
        ByteBuffer stored = ByteBuffer.allocate((int) Window.bytes(1, count));
        window.give(stored, count);
        Window taken = new Window(1, context);
        taken.take(stored.flip(), count, -later);
        for (int age = 0; age < context; age++) {
            float value = taken.values[taken.at(0, age)];
            if (age < count - later) {
                assertEquals(3 * count - 1 - later - age, value);
                assertEquals((int) value % 3 == 0, taken.isMissing(0, age), "age " + age);
            } else {
                assertTrue(Float.isNaN(value) && !taken.isMissing(0, age), "age " + age);
            }
        }
    }
}
