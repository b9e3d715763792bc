/// Simple forecasters that a model has to beat: each follows one channel of one series, event by event.
@NullMarked
package io.gatecast.training.baseline;

import org.jspecify.annotations.NullMarked;
