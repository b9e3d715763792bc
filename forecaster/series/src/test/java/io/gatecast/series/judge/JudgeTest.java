package io.gatecast.series.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The three judges together, as a forecaster calls them: one series of two channels, their bytes side by side.
class JudgeTest {
    private static final int CHANNELS = 2;
    private static final int WARM_UPS = 100;
    private static final float[] LEVELS = {0.025f, 0.1f, 0.5f, 0.9f, 0.975f};
    private static final float[] FORECAST = {-1.96f, -1.28f, 0, 1.28f, 1.96f};

    private final Calibration calibration = new Calibration(CHANNELS, LEVELS);
    private final AnomalyScore score = new AnomalyScore(CHANNELS, LEVELS);
    private final Episodes episodes = new Episodes(
            new Episodes.Rules(0.99, 0.3, 3, 0.99, 0.99, 12, 48, Episodes.Restraint.NONE));
    private final float[] raw = new float[CHANNELS * LEVELS.length];
    private final float[] calibrated = new float[raw.length];
    private final float[] observed = new float[CHANNELS];
    private final double[] values = new double[CHANNELS];
    private Remembered past = new Remembered(300, 24);

    /// When C2 has compiled everything depends on the machine, so the warm-up ends with the first round without an object.
    @Test
    void anObservationAllocatesNothing() {
        ByteBuffer memory = fresh();
        SplittableRandom random = new SplittableRandom(1);
        long allocated = allocatedBy(memory, random);
        for (int i = 0; i < WARM_UPS && allocated > 0; i++) {
            allocated = allocatedBy(memory, random);
        }
        assertEquals(0, allocated, "still allocating after " + WARM_UPS + " rounds");
        assertEquals(0, allocatedBy(memory, random));
    }

    private long allocatedBy(ByteBuffer memory, SplittableRandom random) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        observe(memory, random, 10_000);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void theSameStreamLeavesTheSameBytes() {
        ByteBuffer once = fresh();
        ByteBuffer again = fresh();
        observe(once, new SplittableRandom(3), 1000);
        past = new Remembered(300, 24);
        observe(again, new SplittableRandom(3), 1000);
        assertArrayEquals(once.array(), again.array());
    }

    @Test
    void theBytesDependOnTheModelAlone() {
        assertEquals(CHANNELS * (4 + 2) * 4, calibration.bytes());
        assertEquals(CHANNELS * 3 * (64 * 2 + 8 + 3 * 8), score.bytes());
        assertEquals(40, episodes.bytes());
    }

    private ByteBuffer fresh() {
        return ByteBuffer.allocate(calibration.bytes() + score.bytes() + episodes.bytes())
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Uniform noise within the outer quantiles, now and then missing: no episode, so nothing to tell.
    private void observe(ByteBuffer memory, SplittableRandom random, int steps) {
        for (int t = 0; t < steps; t++) {
            for (int c = 0; c < CHANNELS; c++) {
                System.arraycopy(FORECAST, 0, raw, c * LEVELS.length, LEVELS.length);
                observed[c] = random.nextInt(50) == 0 ? Float.NaN : random.nextFloat() * 3 - 1.5f;
                values[c] = observed[c];
            }
            System.arraycopy(raw, 0, calibrated, 0, raw.length);
            for (int c = 0; c < CHANNELS; c++) {
                calibration.apply(memory, 0, c, calibrated, c * LEVELS.length, 1);
            }
            double scored = score.score(memory, calibration.bytes(), calibrated, 0, observed, values, past);
            past.push(random.nextFloat());
            for (int c = 0; c < CHANNELS; c++) {
                calibration.update(memory, 0, c, raw, c * LEVELS.length, observed[c]);
            }
            episodes.judge(memory, calibration.bytes() + score.bytes(), "s", t, scored, 1, 0, score.channel(), 0, 0, 0,
                    0);
        }
    }
}
