/// Observations before they meet a model: put in the order of event time, several of a step made into one. Sees nothing but
/// [io.gatecast.series.Observation].
@NullMarked
package io.gatecast.series.arrival;

import org.jspecify.annotations.NullMarked;
