package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.SequenceBatch;
import io.gatecast.network.SequencePass;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Forecast;
import io.gatecast.series.Model;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.series.input.Scaling;
import io.gatecast.training.data.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The one engine: what the trainer's batched pass says of a series is, to the bit, what the forecaster says of it
/// event by event. Otherwise training and serving would drift apart.
class TrainingEqualsServingTest {
    private static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);

    @ParameterizedTest
    @CsvSource({"1, 5, 1, 3", "2, 7, 2, 5", "3, 16, 1, 1", "1, 33, 3, 4"})
    void batchedPassEqualsEventByEventToTheBit(int channels, int units, int layers, int batch) {
        FeatureSpec spec = new FeatureSpec(Waves.INTERVAL, channels, List.of(5, Waves.SEASON), 7, 4, 20, 9);
        List<RecurrentLayer> stack = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            stack.add(new RecurrentLayer(CellKind.LSTM, units + i));
        }
        Architecture architecture = spec.architecture(stack, LEVELS);
        Network network = Network.compile(architecture, Network.initialise(architecture, units));
        List<Series> series = Waves.several(batch, channels, 60);

        int steps = 60;
        SequenceBatch sequences = new SequenceBatch(architecture, steps, 0, batch);
        for (int row = 0; row < batch; row++) {
            Track track = new Track(spec, new Tracks(spec).of(series.get(row)).getFirst(), 0, 1);
            for (int t = 0; t < steps; t++) {
                Batches.write(track, t, steps, Track.Steps.NONE, sequences, t * batch + row);
            }
        }
        float[] answers = new float[steps * batch * channels * LEVELS.size() * spec.horizon()];
        new SequencePass(network, sequences).answers(network, sequences, answers);

        for (int row = 0; row < batch; row++) {
            compare(new Model("m", 1, 0, spec, network), series.get(row), row, batch, answers);
        }
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
