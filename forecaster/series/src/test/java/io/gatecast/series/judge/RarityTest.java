package io.gatecast.series.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RarityTest {
    private final Rarity rarity = new Rarity();
    private final ByteBuffer memory = ByteBuffer.allocate(rarity.bytes()).order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void nothingIsSaidOfASeriesThatIsHardlyKnown() {
        for (int i = 0; i < Rarity.LEAST_KNOWN; i++) {
            assertTrue(Double.isNaN(rarity.of(memory, 0, i)));
        }
        assertTrue(rarity.of(memory, 0, 50) < 1);
    }

    /// Whatever the unit, as many numbers are called rarer than p as there ought to be.
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1e-9", "3, 1e12", "4, 3.7", "5, 1e30"})
    void digitsAreThoseOfTheProbability(long seed, double unit) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] rarer = new int[4];
        int n = 200_000;
        for (int i = 0; i < n; i++) {
            double digits = rarity.of(memory, 0, -Math.log(1 - random.nextDouble()) * unit);
            for (int d = 0; d < rarer.length; d++) {
                rarer[d] += digits > d * 0.5 + 0.5 ? 1 : 0;
            }
        }
        for (int d = 0; d < rarer.length; d++) {
            double share = (double) rarer[d] / n, expected = Math.pow(10, -d * 0.5 - 0.5);
            assertTrue(share > expected / 1.6 && share < expected * 1.6, share + " where " + expected + " is expected");
        }
    }

    /// A power law has no exponential tail, and still its largest numbers are not called impossible.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aWildSeriesDoesNotCryWolf(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int rare = 0, n = 100_000;
        for (int i = 0; i < n; i++) {
            rare += rarity.of(memory, 0, Math.pow(1 - random.nextDouble(), -1 / 1.5)) > 4 ? 1 : 0;
        }
        assertTrue(rare < 1e-3 * n, rare + " of " + n + " are rarer than one in ten thousand");
    }

    @Test
    void whatWasAlwaysZeroMakesAnythingElseRare() {
        for (int i = 0; i < 1000; i++) {
            rarity.of(memory, 0, 0);
        }
        assertEquals(0, rarity.of(memory, 0, 0));
        assertEquals(Rarity.MOST, rarity.of(memory, 0, 1e-20));
    }

    @Test
    void zerosAtFirstAreNoVerdictForEver() {
        for (int i = 0; i < 500; i++) {
            rarity.of(memory, 0, 0);
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++) {
            rarity.of(memory, 0, 10 + random.nextDouble());
        }
        assertTrue(rarity.of(memory, 0, 10.5) < 1.5);
    }

    @Test
    void oneAbsurdNumberDoesNotDeafen() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 3000; i++) {
            rarity.of(memory, 0, random.nextDouble());
        }
        assertEquals(Rarity.MOST, rarity.of(memory, 0, 1e30));
        for (int i = 0; i < 20; i++) {
            rarity.of(memory, 0, random.nextDouble());
        }
        assertTrue(rarity.of(memory, 0, 3) > 3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void alwaysFiniteAndNeverBelowZero(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 50_000; i++) {
            double x = random.nextInt(10) == 0 ? 0 : Math.pow(10, random.nextDouble(-320, 308));
            double digits = rarity.of(memory, 0, x);
            assertTrue(i < Rarity.LEAST_KNOWN || digits >= 0 && digits <= Rarity.MOST, x + " has " + digits);
        }
    }

    @Test
    void staysWithinItsBytes() {
        ByteBuffer wide = ByteBuffer.allocate(rarity.bytes() + 16).order(ByteOrder.LITTLE_ENDIAN);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 9000; i++) {
            rarity.of(wide, 8, Math.pow(10, random.nextDouble(-20, 20)));
        }
        assertEquals(0, wide.getLong(0));
        assertEquals(0, wide.getLong(wide.capacity() - 8));
    }

    @Test
    void theSameNumbersLeaveTheSameBytes() {
        byte[] once = played(), again = played();
        assertArrayEquals(once, again);
    }

    private byte[] played() {
        ByteBuffer bytes = ByteBuffer.allocate(rarity.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 5000; i++) {
            rarity.of(bytes, 0, random.nextDouble());
        }
        return bytes.array();
    }
}
