/// Named tensors.
@NullMarked
package io.gatecast.network.tensor;

import org.jspecify.annotations.NullMarked;
