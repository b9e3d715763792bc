/// What a person at a terminal sees of a running instance, through its HTTP API.
@NullMarked
package io.gatecast.app.look;

import org.jspecify.annotations.NullMarked;
