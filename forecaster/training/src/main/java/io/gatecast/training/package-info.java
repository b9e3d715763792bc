/// Offline training by backpropagation through time: one global model from many series. Nothing that serves depends on
/// it.
@NullMarked
package io.gatecast.training;

import org.jspecify.annotations.NullMarked;
