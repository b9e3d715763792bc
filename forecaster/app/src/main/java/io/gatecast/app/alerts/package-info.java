/// Tells people of anomalies, beside the stream and at its own pace: for each receiver a consumer of its own reads the topic
/// of anomalies ([Delivery]), decides what is told and when ([Courier]) and lets it be told ([Messenger]).
@NullMarked
package io.gatecast.app.alerts;

import org.jspecify.annotations.NullMarked;
