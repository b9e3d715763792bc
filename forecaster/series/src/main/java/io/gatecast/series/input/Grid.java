package io.gatecast.series.input;

import io.gatecast.series.FeatureSpec;
import java.time.Duration;
import java.util.Optional;

/// Event time as a grid of steps: an observation belongs to the bucket it falls into, which is named by its beginning.
///
/// @param intervalMillis length of a bucket
/// @param longestGap     missing buckets that are filled in; a longer silence starts the series afresh
public record Grid(long intervalMillis, int longestGap) {
    /// An event takes as long as the steps that are filled in before it.
    private static final int MOST_FILLED = 100_000;

    public static Grid of(FeatureSpec spec) {
        return new Grid(spec.intervalMillis(), spec.longestGap());
    }

    /// @param longestGap that is filled in; empty = as the spec says
    public static Grid of(FeatureSpec spec, Optional<Duration> longestGap) {
        return longestGap.isEmpty()
                ? of(spec)
                : new Grid(spec.intervalMillis(),
                        (int) Math.min(MOST_FILLED, longestGap.get().toMillis() / spec.intervalMillis()));
    }

    /// @return beginning of the bucket, milliseconds since the epoch
    public long bucketOf(long timestamp) {
        return Math.floorDiv(timestamp, intervalMillis) * intervalMillis;
    }

    /// @return buckets without an observation between two of which `bucket` is the later one
    public long missingBetween(long lastBucket, long bucket) {
        return (bucket - lastBucket) / intervalMillis - 1;
    }

    /// @return whether a series has been silent for too long to be filled in
    public boolean isBroken(long lastBucket, long bucket) {
        return missingBetween(lastBucket, bucket) > longestGap;
    }
}
