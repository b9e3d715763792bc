package io.gatecast.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.Outcome.Rejected;
import io.gatecast.series.input.Calendar;
import io.gatecast.series.input.Categories;
import io.gatecast.series.input.Covariate;
import io.gatecast.series.input.KnownInputs;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the forecaster makes of calendar and covariates, event by event and in a replay.
class KnownInputsTest {
    private static final long HOUR = 3_600_000;
    /// A day before the clocks of New York change.
    private static final long START = 1_772_863_200_000L;
    private static final int WARM_UP = 10;
    private static final FeatureSpec PLAIN = new FeatureSpec(HOUR, 1, List.of(6), 4, 5, 18, WARM_UP);
    private static final KnownInputs KNOWN = new KnownInputs(
            Calendar.of(ZoneId.of("America/New_York"), "us", HOUR, 4),
            List.of(new Covariate("heat", 10, 2), new Covariate("price", 0, 5)));
    private static final FeatureSpec SPEC = PLAIN.withKnown(KNOWN);

    /// Weights without a zero, so that every input counts.
    private static Model model(FeatureSpec spec, int version, boolean bidirectional) {
        Architecture architecture = spec.architecture(
                List.of(new RecurrentLayer(CellKind.GRU, 6, null, bidirectional, false)), Models.LEVELS);
        Parameters parameters = Network.initialise(architecture, 1);
        SplittableRandom random = new SplittableRandom(version);
        for (int i = 0; i < parameters.size(); i++) {
            parameters.values[i] += (float) random.nextDouble(-0.1, 0.1);
        }
        return new Model("test", version, 0, spec, Network.compile(architecture, parameters));
    }

    private static Observation observation(int step, double... covariates) {
        return new Observation(START + step * HOUR, new double[]{20 + Math.sin(step) + step % 6}, covariates);
    }

    private static Observation observation(int step) {
        return observation(step, step % 5 == 0 ? Double.NaN : 10 + step % 3, step);
    }

    private static Forecast forecast(SeriesForecaster forecaster, SeriesState state, Observation observation) {
        return assertInstanceOf(Forecasted.class, forecaster.observe(state, observation)).forecast();
    }

    /// Where all steps fit into a replay, it gives what the new model would have said had it been there from the beginning.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aReplaySeesTheSameMomentsAndCovariates(boolean bidirectional) {
        SeriesForecaster first = new SeriesForecaster(model(SPEC, 1, bidirectional));
        SeriesForecaster second = new SeriesForecaster(model(SPEC, 2, bidirectional));
        SeriesState state = first.open("s", null), always = second.open("s", null);
        for (int step = 0; step < WARM_UP; step++) {
            forecast(first, state, observation(step));
            forecast(second, always, observation(step));
        }
        SeriesState swapped = second.open("s", new StoredSeries(state.bytes()));
        assertArrayEquals(forecast(second, always, observation(WARM_UP)).values(),
                forecast(second, swapped, observation(WARM_UP)).values());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyCovariateAndTheMomentCount(boolean bidirectional) {
        SeriesForecaster forecaster = new SeriesForecaster(model(SPEC, 1, bidirectional));
        List<Observation> differing = List.of(observation(1, 10, 5), observation(1, 11, 5), observation(1, 10, 6),
                observation(1, Double.NaN, 5), observation(1, 10, Double.NaN));
        List<float[]> said = differing.stream().map(observation -> {
            SeriesState state = forecaster.open("s", null);
            forecast(forecaster, state, observation(0));
            return forecast(forecaster, state, observation).values();
        }).toList();
        for (int i = 0; i < said.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertTrue(!Arrays.equals(said.get(i), said.get(j)), i + " and " + j);
            }
        }
        SeriesState later = forecaster.open("s", null);
        forecaster.observe(later,
                new Observation(START + 5 * HOUR, observation(0).values(), observation(0).covariates()));
        assertTrue(!Arrays.equals(said.getFirst(), forecast(forecaster, later,
                new Observation(START + 6 * HOUR, observation(1).values(), new double[]{10, 5})).values()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void storingTheStateAfterEveryEventChangesNothing(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SeriesForecaster forecaster = new SeriesForecaster(model(SPEC, 1, false));
        SeriesState kept = forecaster.open("s", null);
        OneSeriesStore store = new OneSeriesStore();
        int step = 0;
        for (int i = 0; i < 100; i++) {
            step += random.nextInt(6) == 0 ? random.nextInt(1, 5) : 1; // gaps are filled in
            SeriesState opened = forecaster.open("s", store.get());
            assertArrayEquals(forecast(forecaster, kept, observation(step)).values(),
                    forecast(forecaster, opened, observation(step)).values());
            store.put(opened);
            assertArrayEquals(kept.bytes(), opened.bytes());
        }
    }

    @Test
    void aStateWithoutCovariatesIsReadByAModelThatTakesThemAndTheOtherWayRound() {
        SeriesForecaster plain = new SeriesForecaster(model(PLAIN, 1, false));
        SeriesForecaster knowing = new SeriesForecaster(model(SPEC, 2, false));
        SeriesState old = plain.open("s", null);
        for (int step = 0; step < 15; step++) {
            plain.observe(old, observation(step));
        }
        SeriesState opened = knowing.open("s", new StoredSeries(old.bytes()));
        assertEquals(old.steps, opened.steps);
        float[] unknown = new float[2 * WARM_UP];
        Arrays.fill(unknown, Float.NaN);
        assertArrayEquals(unknown, opened.known.values);
        forecast(knowing, opened, observation(15));
        SeriesState back = plain.open("s", new StoredSeries(opened.bytes()));
        assertEquals(16, back.steps);
        assertEquals(0, back.known.values.length);
    }

    @Test
    void aDamagedNumberOfCovariatesIsNoState() {
        SeriesForecaster forecaster = new SeriesForecaster(model(SPEC, 1, false));
        SeriesState state = forecaster.open("s", null);
        forecast(forecaster, state, observation(0));
        for (int length : new int[]{60, 68, 71, 200}) {
            assertThrows(IllegalArgumentException.class,
                    () -> forecaster.open("s", new StoredSeries(Arrays.copyOf(state.bytes(), length))));
        }
        byte[] bytes = state.bytes();
        Arrays.fill(bytes, 60, 68, (byte) 0x7f);
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> forecaster.open("s", new StoredSeries(bytes)))
                        .getMessage());
        assertTrue(message.startsWith("stored state: sizes: expected none below 0 or too large"), message);
    }

    @Test
    void anotherNumberOfCovariatesOrAnInfiniteOneIsRejected() {
        SeriesForecaster forecaster = new SeriesForecaster(model(SPEC, 1, false));
        assertEquals(new Rejected("expected 2 covariates, heat, price, found 0"),
                forecaster.observe(forecaster.open("s", null), observation(0, new double[0])));
        assertEquals(new Rejected("covariate price: expected a finite value of at most 3.4e38, found -Infinity"),
                forecaster.observe(forecaster.open("s", null), observation(0, 1, Double.NEGATIVE_INFINITY)));
    }

    @Test
    void aModelThatTakesNoneIgnoresThem() {
        SeriesForecaster forecaster = new SeriesForecaster(model(PLAIN, 1, false));
        assertArrayEquals(
                forecast(forecaster, forecaster.open("s", null), observation(0, new double[0])).values(),
                forecast(forecaster, forecaster.open("s", null), observation(0, 1, Double.POSITIVE_INFINITY))
                        .values());
    }

    /// Series are alike but for their ids: of one category they are forecast alike, of two they are not.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSeriesIsOfTheCategoryThatItsIdTells(boolean bidirectional) {
        FeatureSpec spec = PLAIN.withKnown(
                KnownInputs.NONE.withCategories(new Categories("^([^/]+)/", List.of("east", "north"), 2)));
        SeriesForecaster forecaster = new SeriesForecaster(model(spec, 1, bidirectional));
        List<float[]> said = Stream.of("east/1", "east/2", "north/1", "west/1", "alone").map(id -> {
            SeriesState state = forecaster.open(id, null);
            forecast(forecaster, state, observation(0));
            return forecast(forecaster, forecaster.open(id, new StoredSeries(state.bytes())), observation(1)).values();
        }).toList();
        assertArrayEquals(said.get(0), said.get(1));
        assertArrayEquals(said.get(3), said.get(4));
        assertTrue(!Arrays.equals(said.get(0), said.get(2)));
        assertTrue(!Arrays.equals(said.get(0), said.get(3)));
        assertTrue(!Arrays.equals(said.get(2), said.get(3)));
    }

    @Test
    void aConvolutionalCellCannotBeToldOfThem() {
        var e = assertThrows(IllegalArgumentException.class, () -> SPEC.architecture(
                List.of(new RecurrentLayer(CellKind.CONVLSTM, 3, new Grid(1, 1, 3), false, false)), Models.LEVELS));
        assertEquals(
                "layer 0: a convolutional cell takes the same inputs at each position, and what is known beside the"
                        + " values is the whole step's; begin with another cell, as in --cell lstm,convlstm",
                e.getMessage());
    }
}
