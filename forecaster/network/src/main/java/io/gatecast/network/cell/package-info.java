/// Recurrent cells, a paper each: one step forward, one step back. No cell knows of time; [io.gatecast.network.layer]
/// walks it.
@NullMarked
package io.gatecast.network.cell;

import org.jspecify.annotations.NullMarked;
