/// A cell over time: step by step for serving, whole sequences and back through them for training.
@NullMarked
package io.gatecast.network.layer;

import org.jspecify.annotations.NullMarked;
