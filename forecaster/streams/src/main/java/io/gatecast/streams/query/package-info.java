/// What a running instance can be asked: one series' state from its store, who holds a series, what has lately gone out.
/// Sees the topology from outside; nothing within it may see this package.
@NullMarked
package io.gatecast.streams.query;

import org.jspecify.annotations.NullMarked;
