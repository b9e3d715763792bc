package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.Change;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Model;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.Scope;
import io.gatecast.avro.State;
import io.gatecast.avro.Status;
import io.gatecast.streams.Overseer.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverseerTest {
    private static final long HOUR = TestModels.HOUR;
    private static final OversightRules RULES = new OversightRules(Optional.of(0.1), Duration.ofHours(12), 100, true);

    private static Registrations registrations(ModelEvent... events) {
        List<ModelTopic.Entry> entries = new ArrayList<>();
        for (int version = 1; version <= 2; version++) {
            Model record = TestModels.record(version, 0);
            record.setStatus(Status.REGISTERED);
            entries.add(new ModelTopic.Entry(ModelRecords.keyOf(record), "models-0@" + version, record, null));
        }
        List<ModelEvent> numbered = new ArrayList<>();
        for (ModelEvent event : events) {
            numbered.add(ModelEvent.newBuilder(event).setSequence(numbered.size() + 1).build());
        }
        return new Registrations(entries, numbered);
    }

    private static ModelEvent state(int version, State state) {
        return ModelEvents.state(TestModels.ID, version, state, state == State.CANARY ? 0.1 : 0, Instant.EPOCH, "test",
                "to see");
    }

    private static Evaluation evaluation(int version, long hour, double mase, @Nullable Double naive) {
        return new Evaluation(Instant.ofEpochMilli((hour - 4) * HOUR), Instant.ofEpochMilli(hour * HOUR), TestModels.ID,
                version, 4L, mase, naive, null, null, null, null, null, 0L, null, null, 1, Scope.SERIES, 1);
    }

    private static final Registrations CANARY = registrations(state(1, State.CHAMPION), state(2, State.CANARY));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aCanaryThatIsWorseByMoreThanTheMarginIsFound(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Overseer overseer = new Overseer(RULES);
        for (int i = 0; i < 200; i++) {
            assertEquals(Optional.empty(),
                    overseer.take(evaluation(1, i / 10, random.nextDouble(0.9, 1.1), 1.0), CANARY));
        }
        Optional<Finding> found = Optional.empty();
        int taken = 0;
        while (found.isEmpty() && taken < 100) {
            found = overseer.take(evaluation(2, 20, random.nextDouble(1.1, 1.5), 1.0), CANARY);
            taken++;
        }
        Finding.WorseCanary worse = assertInstanceOf(Finding.WorseCanary.class, found.orElseThrow());
        assertEquals(25, taken, "as soon as it has had its hundred targets");
        assertEquals(2, worse.canary().getVersion());
        assertTrue(worse.why().startsWith("online error in units of seasonal naive's 1."), worse.why());
    }

    @Test
    void aCanaryThatIsAsGoodOrHasHarderSeriesIsNot() {
        Overseer overseer = new Overseer(RULES);
        for (int i = 0; i < 200; i++) {
            assertEquals(Optional.empty(), overseer.take(evaluation(1, i / 10, 0.8, 1.0), CANARY));
            assertEquals(Optional.empty(), overseer.take(evaluation(2, i / 10, 1.6, 2.0), CANARY),
                    "twice the error, where the simple forecast errs twice as much");
        }
    }

    @Test
    void whatLiesBeforeTheWindowIsForgotten() {
        Overseer overseer = new Overseer(new OversightRules(Optional.of(0.1), Duration.ofHours(12), 100, false));
        for (int i = 0; i < 50; i++) {
            overseer.take(evaluation(1, 10, 1, null), CANARY);
        }
        for (int i = 0; i < 50; i++) {
            assertEquals(Optional.empty(), overseer.take(evaluation(2, 40, 9, null), CANARY),
                    "the champion has no targets in these twelve hours");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aChampionThatDriftsIsToBeTrainedAgain(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Registrations now = registrations(state(1, State.CHAMPION));
        Overseer overseer = new Overseer(RULES);
        for (int i = 0; i < 32 * 200; i++) {
            assertEquals(Optional.empty(), overseer.take(evaluation(1, i / 10, random.nextDouble(0, 2), 1.0), now),
                    "seed " + seed + ", evaluation " + i);
        }
        Optional<Finding> found = Optional.empty();
        int taken = 0;
        while (found.isEmpty() && taken < 32 * 20) {
            found = overseer.take(evaluation(1, 700, random.nextDouble(0, 3), 1.0), now);
            taken++;
        }
        assertInstanceOf(Finding.Drift.class, found.orElseThrow());
        assertTrue(taken <= 32 * 8, "half as large again: " + taken + " evaluations");
    }

    @Test
    void aRequestIsOpenUntilAVersionIsDecidedOn() {
        ModelEvent request = ModelEvents.draft(Change.RETRAIN, TestModels.ID, Instant.EPOCH, "test", "drift").build();
        assertTrue(registrations(state(1, State.CHAMPION), request).isToBeTrained(TestModels.ID));
        assertTrue(!registrations(state(1, State.CHAMPION), request, state(2, State.CANDIDATE))
                .isToBeTrained(TestModels.ID));
        assertTrue(!registrations(state(1, State.CHAMPION), request).isToBeTrained("another"));
    }
}
