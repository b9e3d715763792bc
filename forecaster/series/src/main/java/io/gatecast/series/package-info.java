/// One series: an observation meets a model. [SeriesForecaster][io.gatecast.series.SeriesForecaster] is the only place
/// where it does; the topology, the file commands and the trainer's features all call it or the code under it. Knows
/// neither Kafka nor Avro nor a clock: time is the time of the events.
@NullMarked
package io.gatecast.series;

import org.jspecify.annotations.NullMarked;
