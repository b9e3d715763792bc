package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Model;
import org.junit.jupiter.api.Test;

class ModelTrialsTest {
    private static final String WHERE = "models-0@7";

    private final ModelTrials trials = new ModelTrials(Trust.ANYBODY);

    /// As the topic holds it: another object, of equal content.
    private static Model again(Model record) {
        return Model.newBuilder(record).build();
    }

    @Test
    void whatWasBegunIsTakenOnce() {
        Model record = TestModels.record(1, 0);
        trials.begin(record);
        io.gatecast.series.Model first = trials.of(again(record), WHERE), second = trials.of(again(record), WHERE);
        assertEquals(1, first.version());
        assertNotSame(first, second);
    }

    @Test
    void anotherIsTriedAtOnce() {
        trials.begin(TestModels.record(1, 0));
        assertEquals(2, trials.of(TestModels.record(2, 0), WHERE).version());
        assertEquals(1, trials.of(TestModels.record(1, 0), WHERE).version());
    }

    @Test
    void aRefusalSaysWhereTheRecordLies() {
        Model record = TestModels.record(1, 0);
        record.setSha256("0".repeat(64));
        trials.begin(record);
        String begun = refusal(record), asked = refusal(record);
        assertEquals(asked, begun);
        assertTrue(begun.startsWith(WHERE), begun);
    }

    private String refusal(Model record) {
        return String.valueOf(assertThrows(ModelRefused.class, () -> trials.of(again(record), WHERE)).getMessage());
    }
}
