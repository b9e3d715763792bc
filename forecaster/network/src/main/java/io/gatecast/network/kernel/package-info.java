/// The products a recurrent network is made of, and its activations: where the time goes. [Kernels] says what,
/// to the bit, [VectorKernels] does it by SIMD and [PlainKernels] without, [Simd] picks. The only package that may see
/// `jdk.incubator.vector`.
@NullMarked
package io.gatecast.network.kernel;

import org.jspecify.annotations.NullMarked;
