/// From event time and raw values to what a network is fed: the grid of time, the window of last values, location and
/// scale, the inputs column by column. Used event by event in serving and row by row in training, so the two cannot
/// drift apart.
@NullMarked
package io.gatecast.series.input;

import org.jspecify.annotations.NullMarked;
