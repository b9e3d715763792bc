/// What the parts cost, by JMH: see the README beside the module's pom. Every claim of speed in this project is a ratio
/// of two of these, measured in one run.
@NullMarked
package io.gatecast.benchmarks;

import org.jspecify.annotations.NullMarked;
