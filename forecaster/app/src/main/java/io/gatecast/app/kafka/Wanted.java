package io.gatecast.app.kafka;

import io.gatecast.app.kafka.Publisher.When;
import io.gatecast.avro.State;

/// What is to become of a version.
///
/// @param state in which it is to be
/// @param share of the series, for a canary; 0 otherwise
/// @param when  from which event time on
/// @param by    who wants it
/// @param why   in a sentence
public record Wanted(State state, double share, When when, String by, String why) {

    /// A champion ahead of the stream.
    public static Wanted champion(String by, String why) {
        return new Wanted(State.CHAMPION, 0, When.AHEAD_OF_THE_STREAM, by, why);
    }
}
