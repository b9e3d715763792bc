/// Kafka Streams around one series: observations come from a topic, each key's state lies in a store, models come from
/// a compacted topic and count by event time, forecasts and anomalies go out. May see Kafka, the Avro contracts and
/// [io.gatecast.series]; knows no command line and no training.
@NullMarked
package io.gatecast.streams;

import org.jspecify.annotations.NullMarked;
