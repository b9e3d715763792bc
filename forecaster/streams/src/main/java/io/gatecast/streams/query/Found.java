package io.gatecast.streams.query;

import io.gatecast.series.SeriesView;

/// What came of looking for a series.
public sealed interface Found {

    /// It is held here.
    record Here(SeriesView view) implements Found {}

    /// Another instance would hold it.
    ///
    /// @param address `host:port` of that one's HTTP API
    record Elsewhere(String address) implements Found {}

    /// It would be held here, and is not: nothing has come of it, or it was deleted.
    record Nowhere() implements Found {}

    /// Nobody can say now.
    ///
    /// @param why a sentence for a person
    record NotNow(String why) implements Found {}
}
