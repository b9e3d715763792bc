package io.gatecast.series;

import org.jspecify.annotations.Nullable;

/// What lies in the store of one series, or goes there.
///
/// @param state  what every observation changes, with the values that came since the window was stored
/// @param window the values before; null where there is none, or the one in the store still does
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record StoredSeries(byte[] state, byte @Nullable [] window) {

    /// All in one, as [SeriesState#bytes] gives it and earlier releases stored it.
    public StoredSeries(byte[] whole) {
        this(whole, null);
    }
}
