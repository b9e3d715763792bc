package io.gatecast.app.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.training.data.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class ReplayTest {
    @Test
    void theOldestGoesFirstAndOfEquallyOldOnesTheSeriesNamedFirst() {
        assertEquals(List.of("a@1", "b@1", "b@2", "a@3", "b@3", "a@5"),
                order(series("a", 1, 3, 5), series("b", 1, 2, 3), series("empty")));
    }

    @Test
    void whatCameLateComesLateAgain() {
        assertEquals(List.of("a@1", "b@2", "a@4", "a@3", "b@6"), order(series("a", 1, 4, 3), series("b", 2, 6)));
    }

    @Test
    void itCanBePlayedAgainAndEnds() {
        Replay replay = new Replay(List.of(series("a", 1)));
        var first = replay.iterator();
        first.next();
        assertFalse(first.hasNext());
        assertThrows(NoSuchElementException.class, first::next);
        assertEquals("a", replay.iterator().next().seriesId());
        assertEquals(1, replay.length());
    }

    private static List<String> order(Series... series) {
        List<String> order = new ArrayList<>();
        for (Replay.Event event : new Replay(List.of(series))) {
            order.add(event.seriesId() + "@" + event.observation().timestamp());
        }
        return order;
    }

    private static Series series(String id, long... timestamps) {
        return new Series(id, timestamps, new double[][]{new double[timestamps.length]});
    }
}
