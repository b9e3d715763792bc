/// What the whole pipeline costs, broker included: several ways to treat the same observations, each in a process of its own,
/// measured in turn.
@NullMarked
package io.gatecast.benchmarks.pipeline;

import org.jspecify.annotations.NullMarked;
