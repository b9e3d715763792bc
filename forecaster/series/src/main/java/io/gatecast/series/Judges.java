package io.gatecast.series;

import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.series.input.Window;
import io.gatecast.series.judge.AnomalyScore;
import io.gatecast.series.judge.Episodes;
import io.gatecast.series.judge.HorizonCalibration;
import io.gatecast.series.judge.HorizonSkill;
import io.gatecast.series.judge.Kinds;
import io.gatecast.series.judge.Past;
import io.gatecast.series.judge.Skill;
import io.gatecast.series.judge.Units;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// All that is learned and told of a series by holding what came against what was forecast one step before. Episodes and
/// the habits behind the scores belong to the series; the calibration corrects one model and is forgotten with it.
/// Under a model with a point head nothing is judged: no score, no turn of an episode, and one that was open stays open
/// until a model that can judge takes over. Holds scratch memory for one thread.
final class Judges {
    private final HeadShape head;
    private final float[] levels;
    private final int median;
    private final Episodes episodes;
    private final AnomalyScore anomalyScore;
    private final HorizonCalibration calibration;
    private final Skill skill;
    private final HorizonSkill further;
    private final float[] calibrated;
    private final float[] inUnits;
    private final WindowPast past;

    /// @param season   length of the season that is looked back on, in steps; 0 = none
    /// @param window   steps to an evaluation
    /// @param ahead    steps ahead that are evaluated beside the next one
    Judges(HeadShape head, float[] levels, int season, int window, List<Integer> ahead) {
        this.head = head;
        this.levels = levels;
        this.median = head.median();
        this.episodes = new Episodes(Episodes.Rules.of(season));
        this.anomalyScore = new AnomalyScore(head.channels(), levels);
        this.calibration = new HorizonCalibration(head.channels(), levels, head.horizon());
        this.skill = new Skill(head.channels(), levels, season > 0, window);
        this.further = new HorizonSkill(head.channels(), levels, ahead, head.horizon(), season);
        this.inUnits = new float[levels.length];
        this.past = new WindowPast(season);
        this.calibrated = new float[head.channels() * levels.length];
    }

    /// What is left of the series in its window; one object for all, so that an observation makes none.
    private static final class WindowPast implements Past {
        private final int season;
        private @Nullable Window window;

        WindowPast(int season) {
            this.season = season;
        }

        private Window window() {
            return Objects.requireNonNull(window);
        }

        @Override
        public float[] values() {
            return window().values;
        }

        @Override
        public int first(int channel) {
            return window().at(channel, window().context() - 1);
        }

        @Override
        public int newest(int channel) {
            return window().at(channel, 0);
        }

        @Override
        public int season() {
            return season;
        }
    }

    /// @return bytes of memory about the series: the episode, then the scores' habits
    int habitBytes() {
        return episodes.bytes() + anomalyScore.bytes();
    }

    /// @return bytes of memory about the model's errors
    int calibrationBytes() {
        return calibration.bytes();
    }

    /// @return bytes of the sums of the evaluation to come
    int skillBytes() {
        return skill.bytes() + further.bytes();
    }

    /// What an observation amounts to.
    ///
    /// @param score   0 to 1; NaN where nothing was forecast or seen
    /// @param anomaly the turn it gives an episode
    record Verdict(double score, @Nullable AnomalyEvent anomaly) {
        static final Verdict NONE = new Verdict(Double.NaN, null);
    }

    /// Holds an observation against the forecast as it went out; to be called before [#judge] learns from it.
    ///
    /// @param bucket  where the observation falls
    /// @param cold    whether the series was cold when it was forecast
    /// @param seasons `[channel]`, the values a season before, in the channels' own units; NaN where there is none
    /// @return the evaluation of the window that it completes; null where it does not
    @Nullable
    Evaluation evaluate(SeriesState state, Observation observation, long bucket, boolean cold, Units units,
            double[] seasons) {
        recall(state);
        for (int c = 0; c < head.channels(); c++) {
            for (int q = 0; q < levels.length; q++) {
                inUnits[q] = units.toValue(c, calibrated[c * levels.length + q]);
            }
            skill.take(state.skill, 0, c, inUnits, observation.values()[c], seasons[c], cold);
            further.take(state.skill, skill.bytes(), c, stepOf(bucket, state), observation.values()[c], seasons[c]);
        }
        Evaluation ended = skill.end(state.skill, 0, bucket, state.intervalMillis);
        return ended == null
                ? null
                : ended.with(further.end(state.skill, skill.bytes(), ended.windowStart(), ended.windowEnd(),
                        channel -> Skill.unit(state.skill, 0, channel)));
    }

    /// Keeps what goes out, to evaluate it when it has come true.
    ///
    /// @param forecast `[horizon][channel][quantile]`, in the series' own units
    void keepToEvaluate(SeriesState state, float[] forecast, boolean cold) {
        for (int c = 0; c < head.channels(); c++) {
            further.keep(state.skill, skill.bytes(), c, stepOf(state.lastBucket, state), forecast,
                    state.window.values[state.window.at(c, 0)], cold);
        }
    }

    /// What went out for the step that came, in [#calibrated].
    private void recall(SeriesState state) {
        System.arraycopy(state.next, 0, calibrated, 0, calibrated.length);
        for (int c = 0; c < head.channels(); c++) {
            calibration.apply(state.calibration, 0, c, calibrated, c * levels.length, 1);
        }
    }

    /// Judges an observation and learns from it.
    ///
    /// @param bucket   where the observation falls
    /// @param observed `[channel]` in units of the scale; NaN = missing
    Verdict judge(SeriesState state, Observation observation, long bucket, float[] observed, Units units) {
        recall(state);
        past.window = state.window;
        double score = anomalyScore.score(state.habits, episodes.bytes(), calibrated, 0, observed,
                observation.values(), past);
        for (int c = 0; c < head.channels(); c++) {
            calibration.update(state.calibration, 0, c, stepOf(bucket, state), state.next, c * levels.length,
                    observed[c], units);
        }
        return new Verdict(score, episode(state, observation, score, units));
    }

    /// Takes note that a series has said nothing for too long.
    ///
    /// @param timestamp event time from which that is so
    @Nullable
    AnomalyEvent fallSilent(SeriesState state, long timestamp, Units units) {
        recall(state);
        return episodes.fallSilent(state.habits, 0, state.seriesId, timestamp, said(median, units),
                said(0, units), said(levels.length - 1, units));
    }

    /// Takes note that something came of a series, whether it can be judged or not.
    ///
    /// @return the end of an episode of silence; null where there was none
    @Nullable
    AnomalyEvent speakAgain(SeriesState state, Observation observation, Units units) {
        if (!episodes.silent(state.habits, 0)) {
            return null;
        }
        recall(state);
        return episodes.speakAgain(state.habits, 0, state.seriesId, observation.timestamp(), observation.values()[0],
                said(median, units), said(0, units), said(levels.length - 1, units));
    }

    /// @return what went out for the first channel's next step, in its own units
    private double said(int level, Units units) {
        return units.toValue(0, calibrated[level]);
    }

    private @Nullable AnomalyEvent episode(SeriesState state, Observation observation, double score, Units units) {
        int channel = anomalyScore.channel();
        if (channel < 0) {
            return null; // nothing was seen, so no episode moves
        }
        int from = channel * levels.length;
        double stricter = state.feedback.digits(observation.timestamp(), state.intervalMillis,
                episodes.relief(state.alarmBudget));
        AnomalyEvent turn = episodes.judge(state.habits, 0, state.seriesId, observation.timestamp(), score,
                state.alarmBudget, stricter, channel,
                observation.values()[channel], units.toValue(channel, calibrated[from + median]),
                units.toValue(channel, calibrated[from]), units.toValue(channel, calibrated[from + levels.length - 1]));
        if (turn == null) {
            return null;
        }
        int age = stepOf(observation.timestamp(), state) - stepOf(episodes.openedAt(state.habits, 0), state);
        return turn.withKind(Kinds.of(past, channel, (float) observation.values()[channel], age));
    }

    /// @return its number; what is kept is due long before numbers of 32 bits come round again
    private static int stepOf(long bucket, SeriesState state) {
        return (int) Math.floorDiv(bucket, state.intervalMillis);
    }

    /// Keeps some of what the network said, to learn from it when it has come true.
    ///
    /// @param answer `[channel][quantile][horizon]`, in units of the scale
    void keep(SeriesState state, float[] answer, Units units) {
        for (int c = 0; c < head.channels(); c++) {
            calibration.keep(state.calibration, 0, c, stepOf(state.lastBucket, state), answer,
                    c * levels.length * head.horizon(), units);
        }
    }

    /// Moves an answer by what was learned of its errors.
    ///
    /// @param answer `[channel][quantile][horizon]`, in units of the scale, in place
    void calibrate(ByteBuffer memory, float[] answer) {
        for (int c = 0; c < head.channels(); c++) {
            calibration.apply(memory, 0, c, answer, c * levels.length * head.horizon(), head.horizon());
        }
    }
}
