package io.gatecast.training.data;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// What is read of a topic.
///
/// @param from    event time, milliseconds since the epoch, of the first observation that counts
/// @param to      likewise, of the first that does not count any more
/// @param offsets which partitions are read, and which of their records; none = all of them, whole
public record TopicRange(long from, long to, List<Offsets> offsets) {
    /// All there is.
    public static final TopicRange ALL = new TopicRange(Long.MIN_VALUE, Long.MAX_VALUE, List.of());

    public TopicRange {
        offsets = offsets.stream().sorted(Comparator.comparingInt(Offsets::partition)).toList();
        for (int i = 1; i < offsets.size(); i++) {
            if (offsets.get(i).partition == offsets.get(i - 1).partition) {
                throw new IllegalArgumentException("offsets: expected each partition once, found partition "
                        + offsets.get(i).partition + " several times");
            }
        }
    }

    /// A stretch of one partition.
    ///
    /// @param from first offset
    /// @param to   first offset that is not read any more; [#END] = where the partition ends now
    public record Offsets(int partition, long from, long to) {
        /// Where a partition ends now.
        public static final long END = Long.MAX_VALUE;

        public Offsets {
            if (from < 0 || to <= from) {
                throw new IllegalArgumentException("offsets of partition " + partition
                        + ": expected a first one of at least 0 and an end behind it, found " + from + " to " + to);
            }
        }

        @Override
        public String toString() {
            return partition + ":" + from + "-" + (to == END ? "" : to);
        }
    }

    /// @return as people write it, by which the same records can be read again
    public static String inWords(List<Offsets> offsets) {
        return offsets.stream().map(Offsets::toString).collect(Collectors.joining(","));
    }

    boolean contains(long timestamp) {
        return timestamp >= from && timestamp < to;
    }

    boolean isWhole() {
        return from == Long.MIN_VALUE && to == Long.MAX_VALUE && offsets.isEmpty();
    }
}
