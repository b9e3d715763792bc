package io.gatecast.app.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Sound inputs made unsound, and bytes out of nowhere. Each input follows from the seed and its number alone.
final class Mutation {
    private static final long[] EXTREMES = {0, 1, -1, 127, 128, 255, 65_535, Integer.MAX_VALUE, Integer.MIN_VALUE,
            Integer.MAX_VALUE - 8, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE / 8, 1L << 31, 1L << 62};
    private static final int MOST_HITS = 4;
    private static final int LONGEST_RANDOM = 300;

    private final List<byte[]> sound;
    private final long seed;

    Mutation(List<byte[]> sound, long seed) {
        this.sound = sound;
        this.seed = seed;
    }

    byte[] input(long number) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        if (random.nextInt(20) == 0) {
            byte[] bytes = new byte[random.nextInt(LONGEST_RANDOM)];
            random.nextBytes(bytes);
            return bytes;
        }
        byte[] bytes = sound.get(random.nextInt(sound.size())).clone();
        for (int hit = random.nextInt(MOST_HITS); hit >= 0; hit--) {
            bytes = hit(bytes, random);
        }
        return bytes;
    }

    private byte[] hit(byte[] bytes, SplittableRandom random) {
        if (bytes.length == 0) {
            return bytes;
        }
        // What stands at the beginning decides how the rest is read.
        int at = random.nextInt(2) == 0 ? random.nextInt(Math.min(bytes.length, 80)) : random.nextInt(bytes.length);
        switch (random.nextInt(8)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 3 -> {
                return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
            }
            case 4, 5 -> putExtreme(bytes, at, random);
            case 6 -> {
                byte[] other = sound.get(random.nextInt(sound.size()));
                int length = Math.min(random.nextInt(1 + other.length), bytes.length - at);
                System.arraycopy(other, random.nextInt(1 + other.length - length), bytes, at, length);
            }
            default -> {
                int from = random.nextInt(bytes.length), length = Math.min(64, bytes.length - Math.max(from, at));
                System.arraycopy(bytes, from, bytes, at, length);
            }
        }
        return bytes;
    }

    private static void putExtreme(byte[] bytes, int at, SplittableRandom random) {
        long value = EXTREMES[random.nextInt(EXTREMES.length)];
        ByteBuffer buffer = ByteBuffer.wrap(bytes)
                .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        if (random.nextBoolean() && at + Long.BYTES <= bytes.length) {
            buffer.putLong(at, value);
        } else if (at + Integer.BYTES <= bytes.length) {
            buffer.putInt(at, (int) value);
        } else {
            bytes[at] = (byte) value;
        }
    }
}
