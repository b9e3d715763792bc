package io.gatecast.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Scope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SkillTest {

    private static Evaluation window(long targets, double mase, @Nullable Double overLast,
            @Nullable Double overSeason) {
        return new Evaluation(Instant.EPOCH, Instant.EPOCH, "m", 1, targets, mase, null, null, null, null, null, null,
                0L,
                overLast, overSeason, 1, Scope.SERIES, 1);
    }

    @Test
    void nothingIsSaidBeforeAWindow() {
        assertEquals("not yet held against last value", new Skill().toString());
    }

    @Test
    void windowsCountByTheirErrors() {
        Skill skill = new Skill();
        skill.add(window(10, 0.5, 0.5, -0.25));
        skill.add(window(30, 0.5, 0.0, null));
        skill.add(window(30, 0, 1.0, 1.0));
        assertEquals(1 - 20 / 25.0, skill.overLastValue(), 1e-12);
        assertEquals("20 % better than last value, 25 % worse than seasonal naive", skill.toString());
    }
}
