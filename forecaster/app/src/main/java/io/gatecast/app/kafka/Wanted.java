package io.gatecast.app.kafka;

import io.gatecast.app.kafka.Publisher.When;
import io.gatecast.avro.Measure;
import io.gatecast.avro.State;
import java.util.List;

/// What is to become of a version.
///
/// @param state    in which it is to be
/// @param share    of the series, for a canary; 0 otherwise
/// @param when     from which event time on
/// @param by       who wants it
/// @param why      in a sentence
/// @param measures what it rests on
public record Wanted(State state, double share, When when, String by, String why, List<Measure> measures) {

    public Wanted {
        measures = List.copyOf(measures);
    }

    /// Because somebody says so.
    public Wanted(State state, double share, When when, String by, String why) {
        this(state, share, when, by, why, List.of());
    }
}
