package io.gatecast.app.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.streams.Counters;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MetersTest {

    /// They once stood still at what they were when memory was first cleared, which is 0.
    @Test
    @Timeout(30)
    void whatIsCountedIsToldAfterMemoryWasCleared() {
        AtomicLong accepted = new AtomicLong();
        try (Meters meters = new Meters(null)) {
            meters.count(() -> new Counters(accepted.get(), 0, 0, 0, Map.of(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                    accepted.get(), 0, 0));
            clearMemory();
            accepted.set(7);
            while (!meters.scrape().contains("gatecast_observations_total{outcome=\"accepted\"} 7.0")) {
                LockSupport.parkNanos(10_000_000); // it asks anew once in a while
            }
            assertTrue(meters.scrape().contains("gatecast_rewarms_total 0.0"));
            assertTrue(meters.scrape().contains("gatecast_swap_time_seconds_count 7"), meters.scrape());
        }
    }

    private static void clearMemory() {
        WeakReference<Object> probe = new WeakReference<>(new Object());
        while (probe.get() != null) {
            System.gc();
        }
    }
}
