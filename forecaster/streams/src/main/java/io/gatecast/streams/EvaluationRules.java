package io.gatecast.streams;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What of the forecasts is evaluated when it has come true.
///
/// @param window steps to an evaluation of a series; empty = the shortest season, or else 24
/// @param ahead  steps ahead that are evaluated beside the next one, rising
/// @param fleet  event time over which the evaluations of all series are summed up; empty = they are not
public record EvaluationRules(OptionalInt window, List<Integer> ahead, Optional<Duration> fleet) {

    public EvaluationRules {
        ahead = List.copyOf(ahead);
    }
}
