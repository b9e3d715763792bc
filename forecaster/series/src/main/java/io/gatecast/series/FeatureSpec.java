package io.gatecast.series;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.Embedding;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.arrival.Resampling;
import io.gatecast.series.input.Categories;
import io.gatecast.series.input.Features;
import io.gatecast.series.input.KnownInputs;
import java.util.List;

/// What a model is fed and how its answers are read: the grid of time, the seasons, the windows. It travels with the
/// weights, since neither means anything without the other.
///
/// @param intervalMillis length of a step, milliseconds
/// @param channels       values in an observation
/// @param seasons        season lengths in steps, rising; empty where there is none
/// @param horizon        steps ahead
/// @param recentLags     how many of the last values the network sees
/// @param scalingWindow  how many of the last values give location and scale
/// @param warmUp         steps after a cold start before the hidden state counts as warm; for a network that does not
///                       stream, the steps of the window that it runs over
/// @param profileWindow  how many of the last values give the mean course of a season
///                       ([io.gatecast.series.input.Profile]); 0 = none is made
/// @param spikeLimit     scales outside the range of the last values beyond which a reading is absurd and set aside
///                       ([io.gatecast.series.input.Spikes]); 0 = nothing is
/// @param coldWidening   two factors for each of [ColdWidening#ages], by which intervals are widened while a series is
///                       young; empty = they are not
/// @param known          what it is told beside the values
/// @param resampling     how the observations of a step become one
public record FeatureSpec(long intervalMillis, int channels, List<Integer> seasons, int horizon, int recentLags,
        int scalingWindow, int warmUp, int profileWindow, double spikeLimit, List<Float> coldWidening,
        KnownInputs known, Resampling resampling) {
    private static final int RECENT_LAGS = 24;
    private static final int WARM_UP = 40;
    private static final double SPIKE_LIMIT = 20;
    private static final int SCALING_WITHOUT_SEASON = 64;
    private static final int SEASONS_TO_SCALE_BY = 3;
    private static final int PROFILE_WINDOW = 504; // three weeks of hours

    public FeatureSpec {
        require(intervalMillis > 0, "interval: expected more than 0 ms, found " + intervalMillis);
        require(channels > 0, "channels: expected at least 1, found " + channels);
        require(horizon > 0, "horizon: expected at least 1 step, found " + horizon);
        seasons = List.copyOf(seasons);
        for (int i = 0; i < seasons.size(); i++) {
            require(seasons.get(i) > 1 && (i == 0 || seasons.get(i) > seasons.get(i - 1)),
                    "seasonality: expected rising lengths of at least 2 steps, found " + seasons);
        }
        require(recentLags > 0, "recentLags: expected at least 1, found " + recentLags);
        require(scalingWindow > 1, "scalingWindow: expected at least 2, found " + scalingWindow);
        require(warmUp > 0, "warmUp: expected at least 1, found " + warmUp);
        require(profileWindow >= 0, "profileWindow: expected at least 0, found " + profileWindow);
        require(spikeLimit >= 0, "spikeLimit: expected at least 0, found " + spikeLimit);
        coldWidening = List.copyOf(coldWidening);
        for (float factor : coldWidening) {
            require(factor >= 1 && factor < Float.POSITIVE_INFINITY,
                    "coldWidening: expected finite factors of at least 1, found " + coldWidening);
        }
    }

    /// With absurd readings set aside, without profiles.
    public FeatureSpec(long intervalMillis, int channels, List<Integer> seasons, int horizon, int recentLags,
            int scalingWindow, int warmUp) {
        this(intervalMillis, channels, seasons, horizon, recentLags, scalingWindow, warmUp, 0, SPIKE_LIMIT, List.of());
    }

    /// With nothing told beside the values.
    public FeatureSpec(long intervalMillis, int channels, List<Integer> seasons, int horizon, int recentLags,
            int scalingWindow, int warmUp, int profileWindow, double spikeLimit, List<Float> coldWidening) {
        this(intervalMillis, channels, seasons, horizon, recentLags, scalingWindow, warmUp, profileWindow, spikeLimit,
                coldWidening, KnownInputs.NONE, Resampling.FIRST);
    }

    /// The same, but for what is told beside the values.
    public FeatureSpec withKnown(KnownInputs other) {
        return new FeatureSpec(intervalMillis, channels, seasons, horizon, recentLags, scalingWindow, warmUp,
                profileWindow, spikeLimit, coldWidening, other, resampling);
    }

    /// The same, but for how the observations of a step become one.
    public FeatureSpec withResampling(Resampling other) {
        return new FeatureSpec(intervalMillis, channels, seasons, horizon, recentLags, scalingWindow, warmUp,
                profileWindow, spikeLimit, coldWidening, known, other);
    }

    /// The same, but for the factors by which intervals are widened while a series is young.
    public FeatureSpec withColdWidening(List<Float> factors) {
        return new FeatureSpec(intervalMillis, channels, seasons, horizon, recentLags, scalingWindow, warmUp,
                profileWindow, spikeLimit, factors, known, resampling);
    }

    /// The same, but for how many of the last values give location and scale.
    public FeatureSpec withScalingWindow(int window) {
        return new FeatureSpec(intervalMillis, channels, seasons, horizon, recentLags, window, warmUp, profileWindow,
                spikeLimit, coldWidening, known, resampling);
    }

    /// With windows that suit the seasons: the last 24 values, a scale from the longest season or three of the
    /// shortest, whichever is more, and profiles from the last 504 values.
    public static FeatureSpec of(long intervalMillis, int channels, List<Integer> seasons, int horizon) {
        int scalingWindow = seasons.isEmpty()
                ? SCALING_WITHOUT_SEASON
                : Math.max(seasons.getLast(), SEASONS_TO_SCALE_BY * seasons.getFirst());
        return new FeatureSpec(intervalMillis, channels, seasons, horizon, RECENT_LAGS, scalingWindow, WARM_UP,
                seasons.isEmpty() ? 0 : PROFILE_WINDOW, SPIKE_LIMIT, List.of());
    }

    /// @return the longest season, 0 where there is none
    public int longestSeason() {
        return seasons.isEmpty() ? 0 : seasons.getLast();
    }

    /// @return the season that the scale is measured across, 1 where there is none: value against last value
    public int scalingLag() {
        return seasons.isEmpty() ? 1 : seasons.getFirst();
    }

    /// @return the seasons of which there is a profile: those that the window holds twice or more
    public List<Integer> profiled() {
        return seasons.stream().filter(season -> profileWindow / season > 1).toList();
    }

    /// @return how many values, the newest included, all inputs of one step look at
    public int lookBack() {
        return Math.max(Math.max(longestSeason(), recentLags) + 1, scalingWindow);
    }

    /// @return values to be kept of a series: enough that the first step of a replay already has all its lags, and the
    ///         last one its profiles
    public int context() {
        return Math.max(lookBack() + warmUp - 1, profileWindow);
    }

    /// @return the longest silence, in steps, that is filled in; after a longer one the series starts afresh
    public int longestGap() {
        return Math.max(horizon, longestSeason());
    }

    /// @return simple forecasts that the network starts from, see [Features#writeBases]
    public int bases() {
        return seasons.size() + (profiled().isEmpty() ? 0 : profiled().size() + 1) + 1;
    }

    /// @return numbers that enter the network at each step
    public int inputs() {
        return channels * new Features(this).columns() + known.columns() + known.embedded();
    }

    /// What to build for this input, with a head of quantiles.
    ///
    /// @param quantiles levels, rising, the median among them
    public Architecture architecture(List<RecurrentLayer> layers, List<Double> quantiles) {
        return architecture(layers, HeadKind.QUANTILES, quantiles);
    }

    /// What to build for this input.
    ///
    /// @param quantiles levels, rising, the median among them
    public Architecture architecture(List<RecurrentLayer> layers, HeadKind head, List<Double> quantiles) {
        require(!known.any() || layers.isEmpty() || layers.getFirst().grid() == null,
                "layer 0: a convolutional cell takes the same inputs at each position, and what is known beside the values"
                        + " is the whole step's; begin with another cell, as in --cell lstm,convlstm");
        Categories categories = known.categories();
        return new Architecture(inputs(), layers, new HeadShape(head, channels, bases(), horizon, quantiles),
                categories == null ? null : new Embedding(categories.vocabulary().size(), categories.dimensions()));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
