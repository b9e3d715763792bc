/// How weights move: Adam, the learning rate, clipping.
@NullMarked
package io.gatecast.network.optimise;

import org.jspecify.annotations.NullMarked;
