package io.gatecast.training.data;

import java.io.IOException;
import java.util.List;

/// Where recorded series come from.
public sealed interface SeriesSource permits CsvSource, TopicSource {

    /// @return every series, in the order of the source; all of as many channels
    /// @throws IOException with a sentence that names the place, if it cannot be read
    List<Series> read() throws IOException;
}
