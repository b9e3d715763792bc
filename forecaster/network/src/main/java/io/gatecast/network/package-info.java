/// Recurrent networks: what to build ([Architecture][io.gatecast.network.Architecture]) and the thing built
/// ([Network][io.gatecast.network.Network]). Numbers only: this module sees the JDK and nothing else.
@NullMarked
package io.gatecast.network;

import org.jspecify.annotations.NullMarked;
