package io.gatecast.series;

import org.jspecify.annotations.Nullable;

/// What became of an observation. Every observation gets exactly one; nothing is dropped in silence.
public sealed interface Outcome {

    /// It was accepted: the state has moved on and there is a new forecast.
    ///
    /// @param forecast of the steps after it
    /// @param score    how improbable it was under the forecast made for it one step before, 0 to 1; NaN where there
    ///                 was none
    /// @param anomaly  the turn it gave an episode, if any
    /// @param evaluation of a window of steps that it completes, if any
    /// @param filled   steps without an observation that were filled before it
    /// @param rewarmed whether the state was replayed through another model first
    record Forecasted(Forecast forecast, double score, @Nullable AnomalyEvent anomaly,
            @Nullable Evaluation evaluation, int filled, boolean rewarmed)
            implements
                Outcome {}

    /// Its bucket had an observation already; the first one counts.
    record Duplicate(long timestamp) implements Outcome {}

    /// It is older than the last bucket; the state has moved past it.
    record Late(long timestamp, long lastTimestamp) implements Outcome {}

    /// It cannot be judged; `reason` is a sentence for a person.
    record Rejected(String reason) implements Outcome {}
}
