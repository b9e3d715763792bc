package io.gatecast.training;

import io.gatecast.network.Network;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Forecast;
import io.gatecast.series.Model;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/// Fills in what tracks miss by the medians of the model that is being learned, as serving will: each track is led through
/// the [SeriesForecaster] event by event, and what it expected of a step stands where that step is missing.
///
/// It begins when half of a training is done: what a young model expects teaches worse than the season's profile. All tracks
/// are filled in together, so that one look at what is held out can be compared with the next, and only as often as there is
/// credit: a step of the engine for each [#STEPS_LEARNED] that were learned from. So it costs a bounded share of a training,
/// and nothing where the data is not gone through so often. All of it is counted in steps, never in time, so it is the same on
/// any machine.
final class Imputation {
    private static final int STEPS_LEARNED = 4;
    private static final double GROWN = 0.5;

    private final FeatureSpec features;
    private final List<Track> tracks;
    private long spent;

    /// Where it stands.
    ///
    /// @param spent  credit that was used up
    /// @param filled what stands in the missing places of all tracks, in their order
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Place(long spent, float[] filled) {}

    /// @param tracks of which those that miss nothing are left alone
    Imputation(FeatureSpec features, List<Track> tracks) {
        this.features = features;
        this.tracks = tracks.stream().filter(track -> track.missing() > 0).toList();
    }

    /// Fills in all tracks, if it is time and there is credit for it.
    ///
    /// @param done    share of the training
    /// @param learned steps that were learned from so far
    /// @return whether this was the first time: losses before are of other inputs
    boolean fillIn(Network network, double done, long learned, ExecutorService threads) {
        long cost = tracks.stream().mapToLong(Track::length).sum()
                * (network.architecture().streams() ? 1 : features.warmUp());
        if (cost == 0 || done < GROWN || spent + cost > learned / STEPS_LEARNED) {
            return false;
        }
        boolean first = spent == 0;
        spent += cost;
        Model model = new Model("imputation", 1, 0, features, network);
        List<Future<?>> turns = new ArrayList<>();
        for (Track track : tracks) {
            turns.add(threads.submit(() -> fillIn(track, model)));
        }
        turns.forEach(Imputation::await);
        return first;
    }

    private static void await(Future<?> turn) {
        try {
            turn.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("missing values could not be filled in", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("training was interrupted", e);
        }
    }

    /// Fills in one track.
    static void fillIn(Track track, Model model) {
        SeriesForecaster forecaster = new SeriesForecaster(model);
        SeriesState state = forecaster.open(track.seriesId(), null);
        int channels = model.features().channels();
        float[][] expected = new float[channels][track.length()];
        Forecast last = null;
        for (int t = 0; t < track.length(); t++) {
            for (int c = 0; c < channels; c++) {
                expected[c][t] = last == null ? Float.NaN : median(last, c);
            }
            last = forecaster.observe(state, track.observation(t)) instanceof Forecasted forecasted
                    ? forecasted.forecast()
                    : null;
        }
        track.fillIn(expected);
    }

    private static float median(Forecast forecast, int channel) {
        return forecast.at(1, channel, Arrays.binarySearch(forecast.quantiles(), 0.5f));
    }

    Place place() {
        FloatBuffer filled = FloatBuffer.allocate(tracks.stream().mapToInt(Track::missing).sum());
        for (Track track : tracks) {
            float[][] held = track.held();
            eachMissing(track, (c, t) -> filled.put(held[c][t]));
        }
        return new Place(spent, filled.array());
    }

    /// Goes on from where another one stood.
    void recall(Place place) {
        spent = place.spent;
        FloatBuffer filled = FloatBuffer.wrap(place.filled);
        for (Track track : tracks) {
            float[][] held = track.held();
            eachMissing(track, (c, t) -> held[c][t] = filled.get());
            track.fillIn(held);
        }
    }

    @FunctionalInterface
    private interface Missing {
        void at(int channel, int step);
    }

    private static void eachMissing(Track track, Missing missing) {
        for (int t = 0; t < track.length(); t++) {
            double[] measured = track.measured(t);
            for (int c = 0; c < measured.length; c++) {
                if (Double.isNaN(measured[c])) {
                    missing.at(c, t);
                }
            }
        }
    }
}
