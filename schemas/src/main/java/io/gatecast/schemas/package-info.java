/// The contracts on the wire: topics, Avro records in Confluent's wire format, the schema registry. Knows nothing of
/// forecasting.
@NullMarked
package io.gatecast.schemas;

import org.jspecify.annotations.NullMarked;
