package io.gatecast.app.alerts;

import java.util.Collection;

/// Tells one receiver, in its own words. For one thread.
interface Messenger {

    /// Tells a turn, trying again as the receiver's patience says.
    ///
    /// @param episode as it was before; what was told of it last included
    /// @throws Undelivered if the receiver will not have it
    void tell(Turn turn, Episode episode) throws Undelivered, InterruptedException;

    /// Says again what is open, once; for receivers that forget.
    ///
    /// @return whether anything was said
    /// @throws Undelivered if the receiver did not hear
    boolean remind(Collection<Episode> open) throws Undelivered, InterruptedException;
}
