package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.SequenceBatch;
import io.gatecast.network.SequencePass;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Forecast;
import io.gatecast.series.Model;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.series.input.Calendar;
import io.gatecast.series.input.Categories;
import io.gatecast.series.input.Covariate;
import io.gatecast.series.input.KnownInputs;
import io.gatecast.series.input.Scaling;
import io.gatecast.training.data.Series;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The one engine: what the trainer's batched pass says of a series is, to the bit, what the forecaster says of it
/// event by event. Otherwise training and serving would drift apart.
class TrainingEqualsServingTest {
    private static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);
    private static final int CHANNELS = 3;
    private static final int STEPS = 60;
    /// Half an hour before midnight in Bavaria.
    private static final long BEFORE_EPIPHANY = 1_767_652_200_000L;
    private static final FeatureSpec SPEC = new FeatureSpec(Waves.INTERVAL, CHANNELS, List.of(5, Waves.SEASON), 7, 4,
            20,
            9);
    /// Which is told of the moment, of two covariates and of a category, too.
    private static final FeatureSpec KNOWING = SPEC.withKnown(new KnownInputs(
            Calendar.of(ZoneId.of("Europe/Berlin"), "de-by", Waves.INTERVAL, SPEC.horizon()),
            List.of(new Covariate("heat", 3, 2), new Covariate("price", 0, 1)),
            new Categories("s\\d", List.of("s0", "s2", "s3"), 3)));

    /// Every cell alone, in a residual stack, in a mixed one; heads that are no quantiles; two channels to three.
    static Stream<Arguments> architectures() {
        List<Arguments> all = new ArrayList<>();
        for (CellKind kind : CellKind.values()) {
            RecurrentLayer plain = layer(kind, 7, false);
            all.add(Arguments.of(HeadKind.QUANTILES, List.of(plain), 3));
            all.add(Arguments.of(HeadKind.QUANTILES, List.of(plain, layer(kind, 7, true)), 4));
        }
        all.add(Arguments.of(HeadKind.QUANTILES, List.of(layer(CellKind.LSTM, 33, false)), 1));
        all.add(Arguments.of(HeadKind.QUANTILES, List.of(layer(CellKind.CONVLSTM, 3, false),
                layer(CellKind.GRU, 9, false), layer(CellKind.RNN, 9, true)), 5));
        all.add(Arguments.of(HeadKind.GAUSSIAN, List.of(layer(CellKind.GRU, 6, false)), 3));
        all.add(Arguments.of(HeadKind.STUDENT_T, List.of(layer(CellKind.PEEPHOLE, 6, false)), 3));
        return all.stream();
    }

    private static RecurrentLayer layer(CellKind kind, int units, boolean residual) {
        return new RecurrentLayer(kind, units, kind.isConvolutional() ? new Grid(1, CHANNELS, 3) : null, false,
                residual);
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void batchedPassEqualsEventByEventToTheBit(HeadKind head, List<RecurrentLayer> layers, int batch) {
        compareBatch(SPEC, head, layers, batch);
        if (layers.getFirst().grid() == null) {
            compareBatch(KNOWING, head, layers, batch);
        }
    }

    private static void compareBatch(FeatureSpec spec, HeadKind head, List<RecurrentLayer> layers, int batch) {
        Architecture architecture = spec.architecture(layers, head, LEVELS);
        Network network = Network.compile(architecture, drawn(architecture));
        List<Series> series = Waves.several(batch, CHANNELS, STEPS).stream()
                .map(TrainingEqualsServingTest::withCovariates).toList();
        SequenceBatch sequences = new SequenceBatch(architecture, STEPS, 0, batch);
        for (int row = 0; row < batch; row++) {
            Track track = new Track(spec, new Tracks(spec).of(series.get(row)).getFirst(), 0, 1);
            for (int t = 0; t < STEPS; t++) {
                Batches.write(track, t, STEPS, Track.Steps.NONE, sequences, t * batch + row);
            }
            sequences.categories[row] = track.category();
        }
        float[] answers = new float[STEPS * batch * CHANNELS * LEVELS.size() * spec.horizon()];
        new SequencePass(network, sequences).answers(network, sequences, answers);
        for (int row = 0; row < batch; row++) {
            compare(new Model("m", 1, 0, spec, network), series.get(row), row, batch, answers);
        }
    }

    /// With two covariates, of which one is unknown now and then, over the end of a day.
    private static Series withCovariates(Series series) {
        double[][] covariates = new double[2][series.length()];
        long[] timestamps = series.timestamps().clone();
        for (int t = 0; t < covariates[0].length; t++) {
            covariates[0][t] = t % 7 == 3 ? Double.NaN : Math.sin(t) * 5;
            covariates[1][t] = t;
            timestamps[t] += BEFORE_EPIPHANY;
        }
        return new Series(series.id(), timestamps, series.values(), covariates);
    }

    /// A network that reads both ways sees a window: the same one in training as in serving, also where the series has
    /// just begun.
    @ParameterizedTest
    @EnumSource
    void aWindowOfTheTrainerIsTheWindowOfTheForecaster(CellKind kind) {
        Grid grid = kind.isConvolutional() ? new Grid(1, CHANNELS, 3) : null;
        FeatureSpec spec = grid == null ? KNOWING : SPEC;
        Architecture architecture = spec.architecture(List.of(new RecurrentLayer(kind, 5, grid, true, false),
                new RecurrentLayer(kind, 5, grid, true, true)), LEVELS);
        Network network = Network.compile(architecture, drawn(architecture));
        Series series = withCovariates(Waves.several(1, CHANNELS, STEPS).getFirst());
        Track track = new Track(spec, new Tracks(spec).of(series).getFirst(), 0, 1);
        SequenceBatch windows = new SequenceBatch(architecture, SPEC.warmUp(), SPEC.warmUp() - 1, STEPS);
        for (int t = 0; t < STEPS; t++) {
            Batches.writeWindow(track, t, STEPS, Track.Steps.NONE, windows, t);
            windows.categories[t] = track.category();
        }
        float[] answers = new float[STEPS * CHANNELS * LEVELS.size() * SPEC.horizon()];
        new SequencePass(network, windows).answers(network, windows, answers);
        compare(new Model("m", 1, 0, spec, network), series, 0, 1, answers);
    }

    /// What is absurd is set aside alike: to both, a series with spikes is the one in which the value a season before
    /// stands in their place.
    @ParameterizedTest
    @ValueSource(ints = {20, 33, 51})
    void aSpikeIsSetAsideInTrainingAsInServing(int at) {
        Architecture architecture = SPEC.architecture(List.of(layer(CellKind.LSTM, 7, false)), LEVELS);
        Model model = new Model("m", 1, 0, SPEC, Network.compile(architecture, drawn(architecture)));
        Series spiked = Waves.series("s", CHANNELS, STEPS, at), twin = Waves.series("s", CHANNELS, STEPS, at);
        for (int c = 0; c < CHANNELS; c += 2) {
            spiked.values()[c][at] = c == 0 ? 1e5 : -1e9;
            twin.values()[c][at] = twin.values()[c][at - SPEC.scalingLag()];
        }
        float[][] inputs = new float[2][SPEC.inputs()];
        Track one = new Track(SPEC, new Tracks(SPEC).of(spiked).getFirst(), 0, 1);
        Track other = new Track(SPEC, new Tracks(SPEC).of(twin).getFirst(), 0, 1);
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SeriesState first = forecaster.open("s", null), second = forecaster.open("s", null);
        for (int t = 0; t < STEPS; t++) {
            one.inputs(t, inputs[0], 0);
            other.inputs(t, inputs[1], 0);
            assertArrayEquals(inputs[1], inputs[0], "step " + t);
            Forecast of = assertInstanceOf(Forecasted.class, forecaster.observe(first, spiked.observation(t)))
                    .forecast();
            Forecast like = assertInstanceOf(Forecasted.class, forecaster.observe(second, twin.observation(t)))
                    .forecast();
            for (int c = 0; c < CHANNELS; c++) {
                assertEquals(like.at(1, c, 1), of.at(1, c, 1), "step " + t + ", channel " + c);
            }
        }
    }

    /// Once a track was filled in by a model, what is missing is to training what it is to serving with that model: single
    /// readings, channels from the first step on, readings that nobody sent, beside absurd ones.
    @ParameterizedTest
    @MethodSource("architectures")
    void whatIsMissingIsFilledInAsInServing(HeadKind head, List<RecurrentLayer> layers, int batch) {
        Architecture architecture = SPEC.architecture(layers, head, LEVELS);
        Network network = Network.compile(architecture, drawn(architecture));
        Model model = new Model("m", 1, 0, SPEC, network);
        List<Series> series = new ArrayList<>();
        SequenceBatch sequences = new SequenceBatch(architecture, STEPS, 0, batch);
        for (int row = 0; row < batch; row++) {
            Series holey = holey(Waves.series("s" + row, CHANNELS, STEPS, row), row);
            series.add(holey);
            Track track = new Track(SPEC, new Tracks(SPEC).of(holey).getFirst(), 0, 1);
            assertEquals(STEPS, track.length());
            Imputation.fillIn(track, model);
            for (int t = 0; t < STEPS; t++) {
                Batches.write(track, t, STEPS, Track.Steps.NONE, sequences, t * batch + row);
            }
        }
        float[] answers = new float[STEPS * batch * CHANNELS * LEVELS.size() * SPEC.horizon()];
        new SequencePass(network, sequences).answers(network, sequences, answers);
        for (int row = 0; row < batch; row++) {
            Track track = new Track(SPEC, new Tracks(SPEC).of(series.get(row)).getFirst(), 0, 1);
            Imputation.fillIn(track, model);
            compareWhereItWasSent(model, series.get(row), track.held(), row, batch, answers);
        }
    }

    /// A tenth is missing, two steps were not sent, a reading is absurd.
    private static Series holey(Series whole, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> sent = new ArrayList<>();
        for (int t = 0; t < whole.length(); t++) {
            for (int c = 0; c < CHANNELS; c++) {
                if (random.nextInt(10) == 0 && (t > 0 || c > 0)) {
                    whole.values()[c][t] = Double.NaN;
                }
            }
            if (t != 23 && t != 24) {
                sent.add(t);
            }
        }
        whole.values()[1][0] = Double.NaN;
        whole.values()[2][41] = 1e6;
        return new Series(whole.id(), sent.stream().mapToLong(t -> whole.timestamps()[t]).toArray(),
                Arrays.stream(whole.values())
                        .map(channel -> sent.stream().mapToDouble(t -> channel[t]).toArray()).toArray(double[][]::new));
    }

    private static void compareWhereItWasSent(Model model, Series series, float[][] held, int row, int batch,
            float[] answers) {
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SeriesState state = forecaster.open(series.id(), null);
        float[][] history = new float[CHANNELS][SPEC.lookBack() - 1 + held[0].length];
        for (int c = 0; c < CHANNELS; c++) {
            Arrays.fill(history[c], Float.NaN);
            System.arraycopy(held[c], 0, history[c], SPEC.lookBack() - 1, held[c].length);
        }
        for (int i = 0; i < series.length(); i++) {
            int t = (int) (series.timestamps()[i] / Waves.INTERVAL);
            Forecast forecast = assertInstanceOf(Forecasted.class, forecaster.observe(state, series.observation(i)))
                    .forecast();
            for (int c = 0; c < CHANNELS; c++) {
                Scaling scaling = Scaling.of(history[c], SPEC.lookBack() - 1 + t, SPEC);
                compare(forecast, t, c, 1, scaling, answers,
                        (((t * batch + row) * CHANNELS + c) * LEVELS.size() + 1) * SPEC.horizon());
            }
        }
    }

    /// A fresh head says the same whatever it sees, so its weights are drawn, too.
    private static Parameters drawn(Architecture architecture) {
        Parameters parameters = Network.initialise(architecture, 1);
        SplittableRandom random = new SplittableRandom(2);
        for (Parameters.Tensor tensor : parameters.tensors()) {
            if (tensor.name().startsWith("head.W")) {
                for (int i = 0; i < tensor.size(); i++) {
                    parameters.values[tensor.offset() + i] = (float) random.nextDouble(-0.1, 0.1);
                }
            }
        }
        return parameters;
    }

    private static void compare(Model model, Series series, int row, int batch, float[] answers) {
        FeatureSpec spec = model.features();
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SeriesState state = forecaster.open(series.id(), null);
        float[][] history = history(spec, series);
        for (int t = 0; t < series.length() && t < spec.warmUp(); t++) { // then calibration begins to move the outer ones
            Forecast forecast = assertInstanceOf(Forecasted.class, forecaster.observe(state, series.observation(t)))
                    .forecast();
            for (int c = 0; c < spec.channels(); c++) {
                Scaling scaling = Scaling.of(history[c], spec.lookBack() - 1 + t, spec);
                for (int q = 0; q < LEVELS.size(); q++) {
                    compare(forecast, t, c, q, scaling, answers,
                            (((t * batch + row) * spec.channels() + c) * LEVELS.size() + q) * spec.horizon());
                }
            }
        }
        compareMedians(forecaster, state, series, row, batch, answers, history, spec);
    }

    private static void compareMedians(SeriesForecaster forecaster, SeriesState state, Series series, int row,
            int batch, float[] answers, float[][] history, FeatureSpec spec) {
        for (int t = spec.warmUp(); t < series.length(); t++) {
            Forecast forecast = assertInstanceOf(Forecasted.class, forecaster.observe(state, series.observation(t)))
                    .forecast();
            for (int c = 0; c < spec.channels(); c++) {
                Scaling scaling = Scaling.of(history[c], spec.lookBack() - 1 + t, spec);
                compare(forecast, t, c, 1, scaling, answers,
                        (((t * batch + row) * spec.channels() + c) * LEVELS.size() + 1) * spec.horizon());
            }
        }
    }

    private static void compare(Forecast forecast, int t, int channel, int quantile, Scaling scaling, float[] answers,
            int from) {
        for (int h = 1; h <= forecast.horizon(); h++) {
            assertEquals(scaling.toValue(answers[from + h - 1]), forecast.at(h, channel, quantile),
                    "step " + t + ", channel " + channel + ", quantile " + quantile + ", horizon " + h);
        }
    }

    private static float[][] history(FeatureSpec spec, Series series) {
        float[][] history = new float[spec.channels()][spec.lookBack() - 1 + series.length()];
        for (int c = 0; c < history.length; c++) {
            Arrays.fill(history[c], Float.NaN);
            for (int t = 0; t < series.length(); t++) {
                history[c][spec.lookBack() - 1 + t] = (float) series.values()[c][t];
            }
        }
        return history;
    }
}
