/// The network's arithmetic a second time: in double precision, one series at a time, a line an equation, its gradient by
/// automatic differentiation. Slow and legible, it is the definition that the float kernels are held against.
@NullMarked
package io.gatecast.network.reference;

import org.jspecify.annotations.NullMarked;
