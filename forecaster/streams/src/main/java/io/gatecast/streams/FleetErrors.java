package io.gatecast.streams;

import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Scope;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Sums the evaluations of a partition's series up, for each model version and step ahead, over windows of event time. What
/// comes when its window has passed counts in the one that is open. All is decided by the order of the partition's records, so
/// a replay gives the same sums to the bit; a fleet's are those of its partitions, which is why a sum says how much lies in it.
///
/// The store: `modelId/version/horizon` -> int64 number of the window; int32 evaluations, 0; int64 targets, cold targets; then
/// of each measure float64 sum of values by targets, and those targets.
final class FleetErrors {
    private static final int HEADER = 4 * Long.BYTES;
    private static final int EVALUATIONS = Long.BYTES;
    private static final int TARGETS = 2 * Long.BYTES;
    private static final int COLD = 3 * Long.BYTES;
    private static final int MEASURE = 2 * Double.BYTES;
    private static final int MASE = 0;
    private static final int SEASONAL_NAIVE = 1;
    private static final int SMAPE = 2;
    private static final int COVERAGE = 3;
    private static final int STATED = 4;
    private static final int OVER_LAST = 5;
    private static final int OVER_SEASON = 6;
    private static final int MEASURES = 7;

    private final KeyValueStore<String, byte[]> store;
    private final long millis;

    FleetErrors(KeyValueStore<String, byte[]> store, Duration window) {
        this.store = store;
        this.millis = window.toMillis();
    }

    /// Adds an evaluation of a series.
    ///
    /// @return the sum over the window before, if this is the first of a new one
    @Nullable
    Evaluation add(Evaluation one) {
        String key = one.getModelId() + "/" + one.getModelVersion() + "/" + one.getHorizon();
        byte[] stored = store.get(key);
        long window = Math.floorDiv(one.getWindowEnd().toEpochMilli() - 1, millis);
        ByteBuffer sums = stored == null || stored.length != HEADER + MEASURES * MEASURE
                ? fresh(window)
                : ByteBuffer.wrap(stored);
        Evaluation ended = null;
        if (window > sums.getLong(0)) {
            ended = total(one, sums);
            sums = fresh(window);
        }
        add(one, sums);
        store.put(key, sums.array());
        return ended;
    }

    private static ByteBuffer fresh(long window) {
        return ByteBuffer.allocate(HEADER + MEASURES * MEASURE).putLong(0, window);
    }

    private static void add(Evaluation one, ByteBuffer sums) {
        sums.putInt(EVALUATIONS, sums.getInt(EVALUATIONS) + 1);
        sums.putLong(TARGETS, sums.getLong(TARGETS) + one.getTargets());
        sums.putLong(COLD, sums.getLong(COLD) + one.getColdTargets());
        add(sums, MASE, one.getMase(), one.getTargets());
        add(sums, SEASONAL_NAIVE, one.getSeasonalNaiveMase(), one.getTargets());
        add(sums, SMAPE, one.getSmape(), one.getTargets());
        add(sums, COVERAGE, one.getCoverage(), one.getTargets());
        add(sums, STATED, one.getStatedCoverage(), one.getTargets());
        add(sums, OVER_LAST, one.getSkillOverLastValue(), one.getTargets());
        add(sums, OVER_SEASON, one.getSkillOverSeasonalNaive(), one.getTargets());
    }

    private static void add(ByteBuffer sums, int measure, @Nullable Double value, long targets) {
        if (value != null) {
            int at = HEADER + measure * MEASURE;
            sums.putDouble(at, sums.getDouble(at) + value * targets);
            sums.putDouble(at + Double.BYTES, sums.getDouble(at + Double.BYTES) + targets);
        }
    }

    private static @Nullable Double mean(ByteBuffer sums, int measure) {
        int at = HEADER + measure * MEASURE;
        double targets = sums.getDouble(at + Double.BYTES);
        return targets > 0 ? sums.getDouble(at) / targets : null;
    }

    private Evaluation total(Evaluation of, ByteBuffer sums) {
        long start = sums.getLong(0) * millis;
        return new Evaluation(Instant.ofEpochMilli(start), Instant.ofEpochMilli(start + millis), of.getModelId(),
                of.getModelVersion(), sums.getLong(TARGETS), mean(sums, MASE), mean(sums, SEASONAL_NAIVE),
                mean(sums, SMAPE), null, mean(sums, COVERAGE), mean(sums, STATED), null, sums.getLong(COLD),
                mean(sums, OVER_LAST), mean(sums, OVER_SEASON), of.getHorizon(), Scope.FLEET,
                sums.getInt(EVALUATIONS));
    }
}
