/// The demo and the broker it brings along.
@NullMarked
package io.gatecast.app.demo;

import org.jspecify.annotations.NullMarked;
