package io.gatecast.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.series.Outcome.Forecasted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesForecasterTest {
    private static final long INTERVAL = 1000;
    private static final FeatureSpec SPEC = new FeatureSpec(INTERVAL, 1, List.of(6), 4, 5, 18, 10);
    private static final Model MODEL = Models.of(SPEC, 1);

    private final SeriesForecaster forecaster = new SeriesForecaster(MODEL);

    private Forecasted accept(SeriesState state, long timestamp, double... values) {
        return assertInstanceOf(Forecasted.class, forecaster.observe(state, new Observation(timestamp, values)));
    }

    private SeriesState fed(int steps) {
        SeriesState state = forecaster.open("s", null);
        for (int i = 0; i < steps; i++) {
            accept(state, i * INTERVAL, value(i));
        }
        return state;
    }

    private static double value(int i) {
        return 20 + Math.sin(i) + 5 * Math.sin(i * Math.PI / 3);
    }

    @Test
    void everyAcceptedObservationGetsOneForecastOfWholeHorizon() {
        SeriesState state = forecaster.open("s", null);
        for (int i = 0; i < 40; i++) {
            Forecast forecast = accept(state, i * INTERVAL + 17, value(i)).forecast();
            assertEquals(i * INTERVAL, forecast.origin());
            assertEquals((i + 4) * INTERVAL, forecast.timeOf(4));
            assertEquals(4 * 3, forecast.values().length);
            assertEquals(i + 1 >= SPEC.warmUp(), forecast.warm());
            for (int h = 1; h <= 4; h++) {
                assertTrue(forecast.at(h, 0, 0) <= forecast.at(h, 0, 1), "quantiles cross");
                assertTrue(forecast.at(h, 0, 1) <= forecast.at(h, 0, 2), "quantiles cross");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void storingTheStateAfterEveryEventChangesNothing(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SeriesState kept = forecaster.open("s", null);
        OneSeriesStore store = new OneSeriesStore();
        long timestamp = 0;
        for (int i = 0; i < 300; i++) {
            timestamp += INTERVAL * (random.nextInt(20) == 0 ? random.nextInt(-2, 12) : 1);
            double value = random.nextInt(9) == 0 ? Double.NaN : value(i) + random.nextGaussian();
            Observation observation = new Observation(Math.max(0, timestamp), value);
            SeriesState opened = new SeriesForecaster(MODEL).open("s", store.get());
            Outcome reopened = new SeriesForecaster(MODEL).observe(opened, observation);
            Outcome unbroken = forecaster.observe(kept, observation);
            store.put(opened);
            assertArrayEquals(kept.bytes(), opened.bytes(), "after observation " + i);
            assertEquals(unbroken.getClass(), reopened.getClass());
            if (unbroken instanceof Forecasted one && reopened instanceof Forecasted other) {
                assertArrayEquals(one.forecast().values(), other.forecast().values());
            }
        }
    }

    @Test
    void theFirstOfABucketCounts() {
        SeriesState state = fed(20);
        byte[] before = state.bytes();
        Outcome outcome = forecaster.observe(state, new Observation(19 * INTERVAL + 900, 999));
        assertInstanceOf(Outcome.Duplicate.class, outcome);
        assertArrayEquals(before, state.bytes());
    }

    @Test
    void whatComesLateIsSaidToBeLate() {
        SeriesState state = fed(20);
        byte[] before = state.bytes();
        Outcome outcome = forecaster.observe(state, new Observation(3 * INTERVAL, 999));
        assertEquals(new Outcome.Late(3 * INTERVAL, 19 * INTERVAL), outcome);
        assertArrayEquals(before, state.bytes());
    }

    @Test
    void aWrongNumberOfValuesIsRejectedWithAReason() {
        SeriesState state = fed(3);
        byte[] before = state.bytes();
        assertEquals(new Outcome.Rejected("expected 1 values, one a channel, found 2"),
                forecaster.observe(state, new Observation(3 * INTERVAL, 1, 2)));
        assertEquals(
                new Outcome.Rejected("channel 0: expected a finite value of at most 3.4e38, found -Infinity"),
                forecaster.observe(state, new Observation(3 * INTERVAL, Double.NEGATIVE_INFINITY)));
        assertArrayEquals(before, state.bytes());
    }

    @Test
    void aSeriesCannotBeginWithoutAValue() {
        assertEquals(new Outcome.Rejected("the first observation of a series holds no value in any channel"),
                forecaster.observe(forecaster.open("s", null), new Observation(0, Double.NaN)));
    }

    @Test
    void aMissingValueIsFilledInWithTheModelsOwnMedian() {
        SeriesState state = fed(30);
        float expected = accept(state, 30 * INTERVAL, value(30)).forecast().at(1, 0, 1);
        accept(state, 31 * INTERVAL, Double.NaN);
        assertEquals(expected, state.window.values[state.window.at(0, 0)]);
        assertTrue(state.window.isMissing(0, 0));
    }

    @Test
    void aShortGapEqualsAsManyMissingValues() {
        SeriesState gap = fed(30);
        Forecasted after = accept(gap, 33 * INTERVAL, 21);
        SeriesState missing = fed(30);
        for (int i = 30; i < 33; i++) {
            accept(missing, i * INTERVAL, Double.NaN);
        }
        accept(missing, 33 * INTERVAL, 21);
        assertEquals(3, after.filled());
        assertArrayEquals(missing.bytes(), gap.bytes());
    }

    @Test
    void aSilenceLongerThanSeasonAndHorizonBeginsAfresh() {
        SeriesState state = fed(30);
        Forecasted after = accept(state, (30 + 6 + 1) * INTERVAL, 21);
        SeriesState fresh = forecaster.open("s", null);
        Forecasted first = accept(fresh, (30 + 6 + 1) * INTERVAL, 21);
        assertEquals(0, after.filled());
        assertFalse(after.forecast().warm());
        assertSameWatch(fresh, state);
        assertEquals(first.forecast().at(4, 0, 1), after.forecast().at(4, 0, 1));
    }

    @Test
    void anotherModelReplaysTheWindowAndGoesOn() {
        byte[] stored = fed(60).bytes();
        SeriesForecaster next = new SeriesForecaster(Models.of(SPEC, 2));
        SeriesState swapped = next.open("s", new StoredSeries(stored));
        Forecasted first = assertInstanceOf(Forecasted.class,
                next.observe(swapped, new Observation(60 * INTERVAL, value(60))));
        Forecasted second = assertInstanceOf(Forecasted.class,
                next.observe(swapped, new Observation(61 * INTERVAL, value(61))));
        assertTrue(first.rewarmed() && first.forecast().warm());
        assertFalse(second.rewarmed());
        assertEquals(2, first.forecast().modelVersion());
    }

    /// A model that comes late must stand where it would stand had it watched the last steps itself: the values it is
    /// fed are the same, and so is the hidden state, from zero over the same steps.
    @Test
    void aReplayEndsWhereWatchingTheSameStepsWouldHave() {
        Model other = Models.of(SPEC, 2);
        SeriesForecaster next = new SeriesForecaster(other);
        SeriesState early = next.open("s", new StoredSeries(fed(60 - SPEC.warmUp()).bytes()));
        early.forgetNetwork();
        early.warmedByThisModel = true; // from zero, without a replay
        for (int i = 60 - SPEC.warmUp(); i < 61; i++) {
            next.observe(early, new Observation(i * INTERVAL, value(i)));
        }
        SeriesState late = next.open("s", new StoredSeries(fed(60).bytes()));
        next.observe(late, new Observation(60 * INTERVAL, value(60)));
        assertSameWatch(early, late);
    }

    private static void assertSameWatch(SeriesState expected, SeriesState actual) {
        assertArrayEquals(expected.window.values, actual.window.values);
        assertArrayEquals(expected.hidden, actual.hidden);
        assertArrayEquals(expected.next, actual.next);
        assertEquals(expected.lastBucket, actual.lastBucket);
    }

    @Test
    void aSpikeOpensAnEpisodeThatClosesAgain() {
        SeriesState state = fed(200);
        Forecasted spike = accept(state, 200 * INTERVAL, 5000);
        AnomalyEvent opened = assertInstanceOf(AnomalyEvent.class, spike.anomaly());
        assertTrue(spike.score() > 0.5, "score " + spike.score());
        assertTrue(opened.phase() == AnomalyEvent.Phase.OPENED && opened.observed() == 5000);
        assertEquals("s@200000", opened.episodeId());
        assertTrue(opened.lower() <= opened.expected() && opened.expected() <= opened.upper());
        AnomalyEvent closed = null;
        for (int i = 201; i < 300 && closed == null; i++) {
            AnomalyEvent turn = accept(state, i * INTERVAL, value(i)).anomaly();
            closed = turn != null && turn.phase() == AnomalyEvent.Phase.CLOSED ? turn : null;
        }
        assertTrue(closed != null && closed.episodeId().equals(opened.episodeId()), "it never closed");
    }

    @Test
    void calibrationIsForgottenWithTheModelButTheEpisodeIsNot() {
        SeriesState state = fed(200);
        accept(state, 200 * INTERVAL, 5000);
        SeriesState swapped = new SeriesForecaster(Models.of(SPEC, 2)).open("s", new StoredSeries(state.bytes()));
        assertArrayEquals(state.habits.array(), swapped.habits.array());
        assertArrayEquals(new byte[swapped.calibration.capacity()], swapped.calibration.array());
    }

    /// One number a step is no distribution, so nothing is improbable: the series is forecast and not judged.
    @Test
    void aPointModelForecastsAndJudgesNothing() {
        SeriesForecaster point = new SeriesForecaster(Models.of(SPEC, 1, HeadKind.POINT));
        SeriesState state = point.open("s", null);
        byte[] habits = state.habits.array().clone();
        float expected = Float.NaN;
        for (int i = 0; i < 60; i++) {
            double value = i == 50 ? 5000 : i == 55 ? Double.NaN : value(i);
            Forecasted seen = assertInstanceOf(Forecasted.class,
                    point.observe(state, new Observation(i * INTERVAL, value)));
            assertTrue(Double.isNaN(seen.score()), "score " + seen.score());
            assertNull(seen.anomaly());
            float kept = state.window.values[state.window.at(0, 0)];
            float stoodIn = state.window.values[state.window.at(0, SPEC.scalingLag())];
            assertEquals(Double.isNaN(value) ? expected : i == 50 ? stoodIn : (float) value, kept);
            expected = seen.forecast().at(1, 0, 0);
            assertTrue(Float.isFinite(expected));
            assertEquals(4, seen.forecast().values().length);
            state = point.open("s", new StoredSeries(state.bytes()));
        }
        assertArrayEquals(habits, state.habits.array());
    }

    /// An outage does not end because nobody can judge it any more.
    @Test
    void anEpisodeOutlastsAPointModelAndClosesUnderTheNextThatJudges() {
        SeriesState state = fed(200);
        accept(state, 200 * INTERVAL, 5000);
        SeriesForecaster point = new SeriesForecaster(Models.of(SPEC, 2, HeadKind.POINT));
        SeriesState served = point.open("s", new StoredSeries(state.bytes()));
        for (int i = 201; i < 220; i++) {
            assertNull(assertInstanceOf(Forecasted.class,
                    point.observe(served, new Observation(i * INTERVAL, value(i)))).anomaly());
        }
        state = forecaster.open("s", new StoredSeries(served.bytes()));
        AnomalyEvent closed = null;
        for (int i = 220; i < 320 && closed == null; i++) {
            closed = accept(state, i * INTERVAL, value(i)).anomaly();
        }
        AnomalyEvent turn = assertInstanceOf(AnomalyEvent.class, closed);
        assertEquals("s@200000 CLOSED", turn.episodeId() + ' ' + turn.phase());
    }

    static Stream<Arguments> headsAndTheirSuccessors() {
        return Stream.of(HeadKind.values())
                .flatMap(one -> Stream.of(HeadKind.values()).map(other -> Arguments.of(one, other)));
    }

    @ParameterizedTest
    @MethodSource("headsAndTheirSuccessors")
    void anyHeadTakesOverFromAnyOther(HeadKind one, HeadKind other) {
        SeriesForecaster first = new SeriesForecaster(Models.of(SPEC, 1, one));
        SeriesForecaster second = new SeriesForecaster(Models.of(SPEC, 2, other));
        SeriesState state = first.open("s", null);
        for (int i = 0; i < 60; i++) {
            first.observe(state, new Observation(i * INTERVAL, value(i)));
        }
        state = second.open("s", new StoredSeries(state.bytes()));
        for (int i = 60; i < 70; i++) {
            Forecasted seen = assertInstanceOf(Forecasted.class,
                    second.observe(state, new Observation(i * INTERVAL, value(i))));
            assertEquals(i == 60, seen.rewarmed());
            assertEquals(other == HeadKind.POINT, Double.isNaN(seen.score()));
            assertRising(seen.forecast(), other == HeadKind.POINT ? 1 : 3);
        }
    }

    private static void assertRising(Forecast forecast, int quantiles) {
        assertEquals(4 * quantiles, forecast.values().length);
        for (int i = 0; i < forecast.values().length; i++) {
            float value = forecast.values()[i];
            assertTrue(Float.isFinite(value) && (i % quantiles == 0 || value >= forecast.values()[i - 1]));
        }
    }

    /// The untrained model is far too unsure of this series; the state learns to be surer.
    @Test
    void coverageComesNearToWhatIsStated() {
        SplittableRandom random = new SplittableRandom(3);
        SeriesState state = forecaster.open("s", null);
        float lower = Float.NaN;
        float upper = Float.NaN;
        int inside = 0;
        int judged = 4000;
        for (int i = 0; i < judged + 2000; i++) {
            double value = value(i) + 0.3 * random.nextGaussian();
            inside += i >= 2000 && value >= lower && value <= upper ? 1 : 0;
            Forecast forecast = accept(state, i * INTERVAL, value).forecast();
            lower = forecast.at(1, 0, 0);
            upper = forecast.at(1, 0, 2);
        }
        assertEquals(0.8, (double) inside / judged, 0.02);
    }

    @Test
    void aForecastDependsOnEarlierValues() {
        SeriesState one = fed(30);
        SeriesState other = fed(29);
        accept(other, 29 * INTERVAL, value(29) + 3);
        float[] forecast = accept(one, 30 * INTERVAL, 20).forecast().values();
        float[] changed = accept(other, 30 * INTERVAL, 20).forecast().values();
        assertNotEquals(forecast[1], changed[1]);
    }

    @Test
    void aChannelThatWasNeverSeenHasNoForecastButTheOthersDo() {
        SeriesForecaster two = new SeriesForecaster(Models.of(new FeatureSpec(INTERVAL, 2, List.of(), 2, 3, 8, 4), 1));
        SeriesState state = two.open("s", null);
        for (int i = 0; i < 20; i++) {
            Forecasted seen = assertInstanceOf(Forecasted.class,
                    two.observe(state, new Observation(i * INTERVAL, value(i), Double.NaN)));
            assertTrue(Float.isFinite(seen.forecast().at(2, 0, 1)));
            assertTrue(Float.isNaN(seen.forecast().at(2, 1, 1)));
        }
    }

    /// By event time alone: what is evaluated is the same wherever the state was stored and opened between.
    @Test
    void everyWindowOfStepsThatCameTrueIsEvaluated() {
        SeriesForecaster forecaster = new SeriesForecaster(Models.of(SPEC, 1),
                new SeriesForecaster.Settings(OptionalInt.of(7), Optional.empty(), List.of(), AlarmBudget.DEFAULT));
        SeriesState state = forecaster.open("s", null);
        List<Evaluation> found = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            double value = i % 10 == 9 ? Double.NaN : value(i);
            Evaluation evaluation = assertInstanceOf(Forecasted.class,
                    forecaster.observe(state, new Observation(i * INTERVAL, value))).evaluation();
            if (evaluation != null) {
                found.add(evaluation);
            }
            state = forecaster.open("s", new StoredSeries(state.bytes()));
        }
        assertEquals(44 / 7, found.size());
        assertEquals(INTERVAL, found.get(0).windowStart());
        assertEquals(8 * INTERVAL, found.get(0).windowEnd());
        assertEquals(8 * INTERVAL, found.get(1).windowStart());
        for (Evaluation evaluation : found) {
            assertEquals(7, evaluation.targets());
            assertTrue(Double.isFinite(evaluation.skillOverLastValue()), evaluation.toString());
        }
        assertEquals(7, found.get(0).coldTargets());
        assertEquals(0, found.get(3).coldTargets());
        assertTrue(Double.isFinite(found.get(3).skillOverSeasonalNaive() + found.get(3).mase()));
    }
}
