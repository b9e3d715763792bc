package io.gatecast.app.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final List<Long> sleptMillis = new ArrayList<>();
    private long nanos = 42;

    @Test
    void aMinuteTakesASecondAtSpeedSixty() throws InterruptedException {
        Pace pace = pace(60);
        pace.await(1_000_000);
        pace.await(1_060_000);
        pace.await(1_120_000);
        assertEquals(List.of(1000L, 1000L), sleptMillis);
    }

    @Test
    void timeSpentOnWorkIsNotWaitedForAgain() throws InterruptedException {
        Pace pace = pace(1);
        pace.await(0);
        nanos += 300_000_000;
        pace.await(1000);
        assertEquals(List.of(700L), sleptMillis);
    }

    @Test
    void aLateObservationIsDueAtOnce() throws InterruptedException {
        Pace pace = pace(1);
        pace.await(5000);
        pace.await(1000);
        assertEquals(List.of(), sleptMillis);
    }

    @Test
    void anInfiniteSpeedNeverWaits() throws InterruptedException {
        Pace pace = pace(Double.POSITIVE_INFINITY);
        pace.await(0);
        pace.await(86_400_000);
        assertEquals(List.of(), sleptMillis);
    }

    @Test
    void aSpeedOfNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Pace(0));
        assertThrows(IllegalArgumentException.class, () -> new Pace(Double.NaN));
    }

    private Pace pace(double speed) {
        return new Pace(speed, () -> nanos, wait -> {
            sleptMillis.add(wait / 1_000_000);
            nanos += wait;
        });
    }
}
