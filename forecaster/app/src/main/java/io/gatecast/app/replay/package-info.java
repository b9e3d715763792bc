/// Recorded series made a stream again: in the order of event time, and as fast as asked for. Knows no Kafka.
@NullMarked
package io.gatecast.app.replay;

import org.jspecify.annotations.NullMarked;
