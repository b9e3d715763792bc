package io.gatecast.streams;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// When each series of a partition is to be looked at, in case it has said nothing since. Time is that of the partition's
/// events, kept beside the appointments, so that the same input finds the same silences whatever crashed in between: a
/// punctuation of Kafka Streams would come after some record or other. A series has one appointment; it is not moved with
/// each observation but made anew when it comes and the series has spoken in the meantime, so an event costs next to
/// nothing.
///
/// The store: `` -> the newest event time; `DUE/ID` -> 0, with DUE in hexadecimal, 16 digits, so that keys rise with time.
final class Silences {
    private static final String CLOCK = "";
    private static final int DIGITS = 16;
    private static final long UNKNOWN = -1;

    private final KeyValueStore<String, Long> store;
    private final long millis;
    private long now = UNKNOWN;
    private long nextDue; // whatever lies there already is looked at first

    /// An appointment that has come.
    ///
    /// @param due milliseconds since the epoch
    record Due(long due, String seriesId) {}

    /// @param millis how long a series may be silent
    Silences(KeyValueStore<String, Long> store, long millis) {
        this.store = store;
        this.millis = millis;
    }

    /// Moves the partition's time on.
    void advance(long eventTime) {
        if (now == UNKNOWN) {
            Long clock = store.get(CLOCK);
            now = clock == null ? 0 : clock;
        }
        if (eventTime > now) {
            now = eventTime;
            store.put(CLOCK, now);
        }
    }

    /// Makes an appointment with a series.
    ///
    /// @param end of its newest step, milliseconds since the epoch
    /// @return when
    long watch(String seriesId, long end) {
        long due = end + millis;
        store.put(key(due) + '/' + seriesId, 0L);
        nextDue = Math.min(nextDue, due);
        return due;
    }

    /// @return the appointments that have come, earliest first; they are forgotten
    List<Due> due() {
        if (now < nextDue) {
            return List.of();
        }
        List<Due> due = new ArrayList<>();
        nextDue = Long.MAX_VALUE;
        try (KeyValueIterator<String, Long> appointments = store.range(key(0), null)) {
            while (appointments.hasNext()) {
                KeyValue<String, Long> next = appointments.next();
                long when = HexFormat.fromHexDigitsToLong(next.key, 0, DIGITS);
                if (when > now) {
                    nextDue = when;
                    break;
                }
                due.add(new Due(when, next.key.substring(DIGITS + 1)));
            }
        }
        due.forEach(each -> store.delete(key(each.due) + '/' + each.seriesId));
        return due;
    }

    /// @return whether a series has been silent for longer than it may, so that its appointment may have come
    boolean isTooLong(long silence) {
        return silence > millis;
    }

    boolean isDue(long due) {
        return due <= now;
    }

    private static String key(long due) {
        return HexFormat.of().toHexDigits(due);
    }
}
