package io.gatecast.series;

import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.series.judge.AnomalyScore;
import io.gatecast.series.judge.Calibration;
import io.gatecast.series.judge.Episodes;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// All that is learned and told of a series by holding what came against what was forecast one step before. Episodes and
/// the habits behind the scores belong to the series; the calibration corrects one model and is forgotten with it.
/// Under a model with a point head nothing is judged: no score, no turn of an episode, and one that was open stays open
/// until a model that can judge takes over. Holds scratch memory for one thread.
final class Judges {
    private final HeadShape head;
    private final float[] levels;
    private final Episodes episodes;
    private final AnomalyScore anomalyScore;
    private final Calibration calibration;
    private final float[] calibrated;

    Judges(HeadShape head, float[] levels) {
        this.head = head;
        this.levels = levels;
        this.episodes = new Episodes(Episodes.Rules.DEFAULT);
        this.anomalyScore = new AnomalyScore(head.channels(), levels);
        this.calibration = new Calibration(head.channels(), levels);
        this.calibrated = new float[head.channels() * levels.length];
    }

    /// @return bytes of memory about the series: the episode, then the scores' habits
    int habitBytes() {
        return episodes.bytes() + anomalyScore.bytes();
    }

    /// @return bytes of memory about the model's errors
    int calibrationBytes() {
        return calibration.bytes();
    }

    /// What an observation amounts to.
    ///
    /// @param score   0 to 1; NaN where nothing was forecast or seen
    /// @param anomaly the turn it gives an episode
    record Verdict(double score, @Nullable AnomalyEvent anomaly) {
        static final Verdict NONE = new Verdict(Double.NaN, null);
    }

    /// From units of a channel's scale to its own.
    interface Units {
        float toValue(int channel, float units);
    }

    /// Judges an observation and learns from it.
    ///
    /// @param observed `[channel]` in units of the scale; NaN = missing
    /// @param units    back to the series' own units
    Verdict judge(SeriesState state, Observation observation, float[] observed, Units units) {
        System.arraycopy(state.next, 0, calibrated, 0, calibrated.length);
        for (int c = 0; c < head.channels(); c++) {
            calibration.apply(state.calibration, 0, c, calibrated, c * levels.length, 1);
        }
        double score = anomalyScore.score(state.habits, episodes.bytes(), calibrated, 0, observed);
        for (int c = 0; c < head.channels(); c++) {
            calibration.update(state.calibration, 0, c, state.next, c * levels.length, observed[c]);
        }
        return new Verdict(score, episode(state, observation, score, units));
    }

    private @Nullable AnomalyEvent episode(SeriesState state, Observation observation, double score, Units units) {
        int channel = anomalyScore.channel();
        if (channel < 0) {
            return null; // nothing was seen, so no episode moves
        }
        int from = channel * levels.length;
        return episodes.judge(state.habits, 0, state.seriesId, observation.timestamp(), score, channel,
                observation.values()[channel], units.toValue(channel, calibrated[from + head.median()]),
                units.toValue(channel, calibrated[from]), units.toValue(channel, calibrated[from + levels.length - 1]));
    }

    /// Moves an answer by what was learned of its errors.
    ///
    /// @param answer `[channel][quantile][horizon]`, in place
    void calibrate(ByteBuffer memory, float[] answer) {
        for (int c = 0; c < head.channels(); c++) {
            calibration.apply(memory, 0, c, answer, c * levels.length * head.horizon(), head.horizon());
        }
    }
}
