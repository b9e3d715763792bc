/// Kafka as the commands meet it: settings from a file, and a cluster that answers or is named in one sentence. Sees
/// Kafka's clients and the contracts.
@NullMarked
package io.gatecast.app.kafka;

import org.jspecify.annotations.NullMarked;
