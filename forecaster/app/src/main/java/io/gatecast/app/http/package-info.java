/// What a browser or another program asks a running instance over HTTP: series, forecasts, anomalies, models, health,
/// metrics, a stream of events, and the dashboard that is made of them.
@NullMarked
package io.gatecast.app.http;

import org.jspecify.annotations.NullMarked;
