/// Kafka as the commands meet it, beside the topology: observations in, models published. Sees Kafka's clients and the
/// contracts.
@NullMarked
package io.gatecast.app.kafka;

import org.jspecify.annotations.NullMarked;
