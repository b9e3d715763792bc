package io.gatecast.app.replay;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// How fast recorded time passes: at a speed of 60 a minute of event time takes a second. Late observations do not hold
/// the others up.
public final class Pace {
    private final double speed;
    private final LongSupplier nanoTime;
    private final Sleep sleep;
    private boolean started;
    private long firstTimestamp;
    private long firstNanos;

    /// Lets time pass.
    @FunctionalInterface
    interface Sleep {
        void nanos(long nanos) throws InterruptedException;
    }

    /// @param speed recorded time over real time, more than 0; infinite = without a wait
    public Pace(double speed) {
        this(speed, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    }

    Pace(double speed, LongSupplier nanoTime, Sleep sleep) {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("speed: expected more than 0, found " + speed);
        }
        this.speed = speed;
        this.nanoTime = nanoTime;
        this.sleep = sleep;
    }

    /// Waits until it is time for an observation; the first one is due at once.
    ///
    /// @param timestamp event time, milliseconds since the epoch
    public void await(long timestamp) throws InterruptedException {
        if (!started) {
            started = true;
            firstTimestamp = timestamp;
            firstNanos = nanoTime.getAsLong();
        }
        double dueNanos = TimeUnit.MILLISECONDS.toNanos(timestamp - firstTimestamp) / speed;
        long wait = (long) (dueNanos - (nanoTime.getAsLong() - firstNanos));
        if (wait > 0) {
            sleep.nanos(wait);
        }
    }
}
