/// Training over several machines, by Spark: it gives out the work and carries weights and gradients; what is learned, and
/// how, is `training`'s alone. May see `training` and what that sees. Nothing sees this.
@NullMarked
package io.gatecast.spark;

import org.jspecify.annotations.NullMarked;
