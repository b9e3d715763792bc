package io.gatecast.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.series.Outcome.Forecasted;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeriesViewTest {
    private static final long INTERVAL = 1000;
    private static final FeatureSpec SPEC = new FeatureSpec(INTERVAL, 2, List.of(6), 4, 5, 18, 10);

    @ParameterizedTest
    @EnumSource(HeadKind.class)
    void whatIsSeenIsWhatWentOutToTheBit(HeadKind head) {
        Model model = Models.of(SPEC, 1, head);
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SplittableRandom random = new SplittableRandom(7);
        OneSeriesStore store = new OneSeriesStore();
        for (int i = 0; i < 120; i++) {
            SeriesState state = forecaster.open("s", store.get());
            double value = 20 + 5 * StrictMath.sin(i) + random.nextGaussian();
            long timestamp = (i + (i > 60 ? 2 : 0)) * INTERVAL;
            Outcome outcome = forecaster.observe(state,
                    new Observation(timestamp, value, i % 7 == 3 ? Double.NaN : -value));
            store.put(state);
            Forecast out = ((Forecasted) outcome).forecast();
            SeriesForecaster looking = new SeriesForecaster(model);
            SeriesView view = looking.view(looking.open("s", store.get()), 5);
            assertNotNull(view);
            assertArrayEquals(out.values(), view.forecast().values(), "after observation " + i);
            assertEquals(out.origin(), view.forecast().origin());
            assertEquals(timestamp, view.lastTime());
            assertEquals((float) value, view.values()[0][view.times().length - 1]);
            assertEquals(i % 7 == 3, view.filledIn()[1][view.times().length - 1]);
            assertEquals(Math.min(5, view.steps()), view.times().length);
            assertFalse(view.rewarmed());
        }
    }

    @Test
    void aStateOfAnotherModelIsSeenAsThisOneWouldTakeItUp() {
        SeriesForecaster one = new SeriesForecaster(Models.of(SPEC, 1)),
                other = new SeriesForecaster(Models.of(SPEC, 2));
        SeriesState state = one.open("s", null);
        for (int i = 0; i < 50; i++) {
            one.observe(state, new Observation(i * INTERVAL, i % 6, 3));
        }
        SeriesView view = other.view(other.open("s", new StoredSeries(state.bytes())), 1000);
        assertNotNull(view);
        assertTrue(view.rewarmed());
        assertEquals(2, view.forecast().modelVersion());
        assertEquals(SPEC.context(), view.times().length);
    }

    @Test
    void aSeriesThatHasNotBegunShowsNothing() {
        SeriesForecaster forecaster = new SeriesForecaster(Models.of(SPEC, 1));
        assertNull(forecaster.view(forecaster.open("s", null), 10));
    }
}
