package io.gatecast.series;

import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Network;
import io.gatecast.series.AnomalyEvent.Phase;
import io.gatecast.series.input.Categories;
import io.gatecast.series.input.Features;
import io.gatecast.series.input.Grid;
import io.gatecast.series.input.KnownFeatures;
import io.gatecast.series.input.Scaling;
import io.gatecast.series.input.Spikes;
import io.gatecast.series.input.Window;
import io.gatecast.series.judge.Units;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The only place where an event meets a model. Holds scratch memory for one thread, so each thread makes its own; the
/// state of a series lies outside, in bytes, and is handed in with each observation.
public final class SeriesForecaster {
    private static final int WINDOW_WITHOUT_SEASON = 24;

    private final Model model;
    private final FeatureSpec spec;
    private final Network network;
    private final HeadShape head;
    private final Grid grid;
    private final Features features;
    private final KnownFeatures known;
    private final ObservationRules rules;
    private final Categories.@Nullable Index categories;
    private final Spikes spikes;
    private final float[] levels;
    private final int median;
    private final ColdWidening widening;
    private final Judges judges;
    private final AlarmBudget alarms;
    private final Why why;
    private final Network.Scratch scratch;
    private final @Nullable WindowRun windowRun;
    private final Scaling[] scalings;
    private final Units units = new ScalingsNow();
    private final float[] observed;
    private final float[] inputs;
    private final float[] bases;
    /// Of one channel in [#bases].
    private final int basesOfOne;
    /// `[channel]`, the value a season before the step to come; NaN where it is unknown or there is no season
    private final double[] seasonBefore;
    /// `[channel][quantile][horizon]`, in units of the scale
    private final float[] answer;

    private final class ScalingsNow implements Units {
        @Override
        public float toValue(int channel, float units) {
            return scalings[channel].toValue(units);
        }

        @Override
        public float toUnits(int channel, float value) {
            return scalings[channel].toUnits(value);
        }
    }

    /// What is not the model's to say.
    ///
    /// @param window     steps that came true to an [Evaluation]; empty = as many as the shortest season has, or
    ///                   [#WINDOW_WITHOUT_SEASON]
    /// @param longestGap that is filled in; empty = as [FeatureSpec#longestGap] says
    /// @param ahead      steps ahead that are evaluated beside the next one; what lies beyond the horizon is passed over
    /// @param alarms     how many are wanted
    public record Settings(OptionalInt window, Optional<Duration> longestGap, List<Integer> ahead, AlarmBudget alarms) {
        public static final Settings DEFAULT = new Settings(OptionalInt.empty(), Optional.empty(), List.of(),
                AlarmBudget.DEFAULT);

        public Settings {
            ahead = List.copyOf(ahead);
        }

        /// The same, but for the alarms.
        public Settings withAlarms(AlarmBudget budget) {
            return new Settings(window, longestGap, ahead, budget);
        }
    }

    public SeriesForecaster(Model model) {
        this(model, Settings.DEFAULT);
    }

    public SeriesForecaster(Model model, Settings settings) {
        this.model = model;
        this.spec = model.features();
        this.network = model.network();
        this.head = network.architecture().head();
        this.grid = Grid.of(spec, settings.longestGap);
        this.features = new Features(spec);
        this.known = new KnownFeatures(spec.known());
        this.rules = new ObservationRules(spec);
        this.categories = spec.known().categories() == null ? null : spec.known().categories().index();
        this.spikes = new Spikes(spec);
        this.levels = new float[head.quantiles().size()];
        for (int q = 0; q < levels.length; q++) {
            levels[q] = head.quantiles().get(q).floatValue();
        }
        this.median = head.median();
        this.widening = new ColdWidening(spec, levels.length, median);
        this.judges = new Judges(head, levels, spec.seasons().isEmpty() ? 0 : spec.scalingLag(),
                settings.window.orElse(spec.seasons().isEmpty() ? WINDOW_WITHOUT_SEASON : spec.scalingLag()),
                settings.ahead);
        this.alarms = settings.alarms;
        this.why = new Why(model);
        this.scratch = network.scratch();
        this.windowRun = network.architecture().streams() ? null : new WindowRun(network, spec.warmUp());
        this.scalings = new Scaling[spec.channels()];
        this.observed = new float[spec.channels()];
        this.inputs = new float[spec.inputs()];
        this.basesOfOne = spec.bases() * spec.horizon();
        this.bases = new float[spec.channels() * basesOfOne];
        this.seasonBefore = new double[spec.channels()];
        this.answer = new float[spec.channels() * levels.length * spec.horizon()];
    }

    /// Opens the state of a series for [#observe]: a fresh one, the stored one, or, where the bytes were written under
    /// another model, one that is replayed through this model at the next observation.
    ///
    /// @param seriesId the series, which names its episodes and tells its category
    /// @param stored   as [SeriesState#toStore] gave it; null for a new series
    /// @throws IllegalArgumentException if the bytes are no state
    public SeriesState open(String seriesId, @Nullable StoredSeries stored) {
        return open(seriesId, stored, Feedback.NONE);
    }

    /// As [#open(String, StoredSeries)], with what people said of the series' alarms.
    public SeriesState open(String seriesId, @Nullable StoredSeries stored, Feedback feedback) {
        SeriesState state = memory();
        openIn(state, seriesId, stored, feedback);
        return state;
    }

    /// @return memory for [#openIn]
    public SeriesState memory() {
        return new SeriesState(model, judges, known.values(spec.warmUp()));
    }

    /// As [#open(String, StoredSeries, Feedback)], in memory that this forecaster made. What was in it is gone.
    ///
    /// @param memory of a series that nobody needs any more, or of none
    public void openIn(SeriesState memory, String seriesId, @Nullable StoredSeries stored, Feedback feedback) {
        memory.begin(seriesId, categories == null ? 0 : categories.of(seriesId),
                alarms.alarmsAStep(seriesId, spec.intervalMillis()));
        memory.hear(feedback);
        if (stored != null) {
            StateCodec.decode(stored, memory);
        }
    }

    /// Judges one observation and moves the state on, in place.
    public Outcome observe(SeriesState state, Observation observation) {
        long bucket = grid.bucketOf(observation.timestamp());
        boolean first = state.isFresh() || grid.isBroken(state.lastBucket, bucket);
        String fault = rules.faultOf(observation, first);
        if (fault != null) {
            return new Outcome.Rejected(fault);
        }
        if (first) {
            state.startAfresh();
            return accept(state, observation, bucket, 0, false);
        }
        if (bucket == state.lastBucket) {
            return new Outcome.Duplicate(observation.timestamp());
        }
        if (bucket < state.lastBucket) {
            return new Outcome.Late(observation.timestamp(), state.lastBucket);
        }
        boolean rewarmed = rewarm(state);
        int filled = fillUpTo(state, bucket);
        return accept(state, observation, bucket, filled, rewarmed);
    }

    /// Takes note that a series has said nothing for too long.
    ///
    /// @param timestamp event time from which that is so
    /// @return the turn it gives an episode; null where one is open that is as grave, or nothing is known of the series
    public @Nullable AnomalyEvent fallSilent(SeriesState state, long timestamp) {
        if (state.isFresh()) {
            return null;
        }
        rewarm(state);
        measure(state);
        return judges.fallSilent(state, timestamp, units);
    }

    /// Looks at a series without moving it on: the forecast is, to the bit, the one that went out for its newest step, unless
    /// the state has yet to be replayed through this model. The state may not be observed or stored afterwards.
    ///
    /// @param most steps to tell of, the newest
    /// @return null where nothing has come of the series
    public @Nullable SeriesView view(SeriesState state, int most) {
        if (state.isFresh()) {
            return null;
        }
        boolean rewarmed = rewarm(state);
        if (!rewarmed) {
            measure(state);
            if (windowRun == null) {
                writeInputs(state, 0, inputs, 0);
                network.embed(state.category, inputs, 0);
            }
            ask(state);
        }
        int steps = Math.min(most, Math.min(state.steps, spec.context()));
        long[] times = new long[steps];
        float[][] values = new float[spec.channels()][steps];
        boolean[][] filledIn = new boolean[spec.channels()][steps];
        for (int i = 0; i < steps; i++) {
            int age = steps - 1 - i;
            times[i] = state.lastBucket - age * state.intervalMillis;
            for (int c = 0; c < spec.channels(); c++) {
                values[c][i] = state.window.values[state.window.at(c, age)];
                filledIn[c][i] = state.window.isMissing(c, age);
            }
        }
        return new SeriesView(state.steps, state.lastBucket, rewarmed, times, values, filledIn, forecast(state));
    }

    /// @return why an observation cannot be judged, whatever its time and what came before; null where it can
    public @Nullable String faultOf(Observation observation) {
        return rules.faultOf(observation, false);
    }

    /// The hidden state of one model means nothing to another, so it is made anew: the window is replayed through this
    /// model from h = c = 0. No observation is lost, none is forecast twice.
    private boolean rewarm(SeriesState state) {
        if (state.warmedByThisModel) {
            return false;
        }
        state.forgetNetwork();
        for (int age = Math.min(state.steps, spec.warmUp()) - 1; age >= 0; age--) {
            advance(state, age);
        }
        ask(state);
        state.warmedByThisModel = true;
        return true;
    }

    /// Steps over the buckets without an observation, each filled in with the median forecast for it.
    private int fillUpTo(SeriesState state, long bucket) {
        int missing = (int) grid.missingBetween(state.lastBucket, bucket);
        for (int i = 0; i < missing; i++) {
            pushExpected(state);
            state.known.pushUnknown();
            step(state, state.lastBucket + state.intervalMillis);
        }
        return missing;
    }

    private void pushExpected(SeriesState state) {
        measure(state);
        for (int c = 0; c < spec.channels(); c++) {
            pushExpected(state, c);
        }
    }

    private void pushExpected(SeriesState state, int channel) {
        state.impatience[channel] = spikes.recovered(state.impatience[channel]);
        state.window.push(channel, expected(state, channel), true);
    }

    /// An absurd reading is judged as it came, but does not enter the window.
    private void pushObserved(SeriesState state, int channel, float value) {
        Window window = state.window;
        int newest = window.at(channel, 0);
        int used = spikes.recovered(state.impatience[channel]);
        boolean spike = spikes.isSpike(window.values, newest, scalings[channel], used, value);
        state.impatience[channel] = spike ? spikes.spent(used) : used;
        window.push(channel, spike ? spikes.standIn(window.values, newest) : value, false);
    }

    /// Location and scale of each channel, as they were when the step to come was forecast.
    private void measure(SeriesState state) {
        for (int c = 0; c < spec.channels(); c++) {
            scalings[c] = scalingOf(state.window, c, 0);
        }
    }

    /// @return the median that was forecast for the step to come, in the series' own units; NaN where there is none
    private float expected(SeriesState state, int channel) {
        return scalings[channel].toValue(state.next[channel * levels.length + median]);
    }

    private Outcome accept(SeriesState state, Observation observation, long bucket, int filled, boolean rewarmed) {
        measure(state);
        lookASeasonBack(state);
        Evaluation evaluation = judges.evaluate(state, observation, bucket, !isWarm(state), units, seasonBefore);
        AnomalyEvent end = judges.speakAgain(state, observation, units);
        Judges.Verdict verdict = end == null ? judge(state, observation, bucket) : Judges.Verdict.NONE;
        AnomalyEvent turn = end == null ? explained(state, verdict.anomaly()) : end;
        for (int c = 0; c < spec.channels(); c++) {
            double value = observation.values()[c];
            if (Double.isNaN(value)) {
                pushExpected(state, c);
            } else {
                pushObserved(state, c, (float) value);
            }
        }
        state.known.push(observation.covariates());
        step(state, bucket);
        return new Outcome.Forecasted(forecast(state), verdict.score(), turn, evaluation, filled, rewarmed);
    }

    private @Nullable AnomalyEvent explained(SeriesState state, @Nullable AnomalyEvent turn) {
        return turn == null || turn.phase() != Phase.OPENED
                ? turn
                : turn.withCauses(why.of(state, turn.channel(), turn.observed(), turn.expected()));
    }

    /// What a cold model said is not held against the series.
    private Judges.Verdict judge(SeriesState state, Observation observation, long bucket) {
        if (!isWarm(state)) {
            return Judges.Verdict.NONE;
        }
        for (int c = 0; c < spec.channels(); c++) {
            observed[c] = scalings[c].toUnits(observation.values()[c]);
        }
        return judges.judge(state, observation, bucket, observed, units);
    }

    private void lookASeasonBack(SeriesState state) {
        int age = spec.scalingLag() - 1;
        for (int c = 0; c < seasonBefore.length; c++) {
            seasonBefore[c] = spec.seasons().isEmpty() || state.window.isMissing(c, age)
                    ? Double.NaN
                    : state.window.values[state.window.at(c, age)];
        }
    }

    private boolean isWarm(SeriesState state) {
        return state.steps >= spec.warmUp();
    }

    /// One step over the newest values of the window: the hidden state moves on, the answer is in [#answer].
    private void step(SeriesState state, long bucket) {
        state.lastBucket = bucket;
        advance(state, 0);
        state.steps = Math.min(state.steps, Integer.MAX_VALUE - 1) + 1;
        ask(state);
        if (isWarm(state)) {
            judges.keep(state, answer, units);
        }
    }

    /// Moves the hidden state on over the values of that age. A network that does not stream has none.
    private void advance(SeriesState state, int age) {
        if (windowRun == null) {
            writeInputs(state, age, inputs, 0);
            network.embed(state.category, inputs, 0);
            network.advance(inputs, state.hidden, scratch);
        }
    }

    private void writeInputs(SeriesState state, int age, float[] x, int to) {
        Window window = state.window;
        for (int c = 0; c < spec.channels(); c++) {
            scalings[c] = scalingOf(window, c, age);
            float share = (float) window.missing(c, age, spec.lookBack()) / spec.lookBack();
            features.write(window.values, window.at(c, age), scalings[c], window.isMissing(c, age), share, x,
                    to + c * features.columns());
        }
        known.write(state.lastBucket - age * state.intervalMillis, state.known.values, state.known.at(age), x,
                to + spec.channels() * features.columns());
    }

    private Scaling scalingOf(Window window, int channel, int age) {
        return Scaling.of(window.values, window.at(channel, age), spec);
    }

    /// The answer at the newest step, in [#answer].
    private void ask(SeriesState state) {
        if (windowRun == null) {
            writeBases(state);
            network.answer(inputs, state.hidden, bases, answer, scratch);
        } else {
            // The newest step last, which leaves its scalings behind.
            windowRun.fill(state.steps, state.category, (age, x, to) -> writeInputs(state, age, x, to));
            writeBases(state);
            windowRun.answer(bases, answer);
        }
        widening.apply(state.steps, answer);
        for (int i = 0; i < state.next.length; i++) {
            state.next[i] = answer[i * spec.horizon()];
        }
    }

    private void writeBases(SeriesState state) {
        for (int c = 0; c < spec.channels(); c++) {
            features.writeBases(state.window.values, state.window.at(c, 0), scalings[c], bases,
                    c * basesOfOne);
        }
    }

    private Forecast forecast(SeriesState state) {
        judges.calibrate(state.calibration, answer);
        int horizon = spec.horizon(), channels = spec.channels();
        float[] values = new float[answer.length];
        for (int c = 0; c < channels; c++) {
            for (int q = 0; q < levels.length; q++) {
                for (int h = 0; h < horizon; h++) {
                    values[(h * channels + c) * levels.length + q] = scalings[c]
                            .toValue(answer[(c * levels.length + q) * horizon + h]);
                }
            }
        }
        judges.keepToEvaluate(state, values, !isWarm(state));
        return new Forecast(state.lastBucket, spec.intervalMillis(), horizon, channels, levels, values, model.id(),
                model.version(), isWarm(state));
    }
}
