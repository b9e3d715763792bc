/// Other ways to take the steps of the same network on the JVM.
@NullMarked
package io.gatecast.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
