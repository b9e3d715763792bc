/// From the hidden state to a distribution over the horizon.
@NullMarked
package io.gatecast.network.head;

import org.jspecify.annotations.NullMarked;
