package io.gatecast.app.alerts;

import java.util.concurrent.atomic.AtomicLongArray;

/// What has become of the turns for one receiver. Safe for threads.
public final class Tally {
    private final AtomicLongArray counts = new AtomicLongArray(Count.values().length);

    /// What is counted.
    enum Count {
        /// Turns that were taken.
        SENT,
        /// Attempts after the first.
        RETRIES,
        /// Turns that the receiver does not want to hear.
        FILTERED,
        /// Turns that a mute held back.
        MUTED,
        /// Turns that were sent after all, when a mute was over.
        RELEASED,
        /// Times that what is open was said again.
        REMINDERS,
        /// Turns that the receiver would not have.
        UNDELIVERED,
        /// Records that are no anomalies.
        UNREADABLE
    }

    /// What one receiver has been told.
    public record Told(String receiver, long sent, long retries, long filtered, long muted, long released,
            long reminders, long undelivered, long unreadable) {}

    void count(Count count) {
        counts.incrementAndGet(count.ordinal());
    }

    long of(Count count) {
        return counts.get(count.ordinal());
    }

    Told told(String receiver) {
        return new Told(receiver, of(Count.SENT), of(Count.RETRIES), of(Count.FILTERED), of(Count.MUTED),
                of(Count.RELEASED), of(Count.REMINDERS), of(Count.UNDELIVERED), of(Count.UNREADABLE));
    }
}
