package io.gatecast.series;

/// The state of one series, as one versioned binary record.
public final class SeriesState {
    private final byte[] bytes;

    SeriesState(byte[] bytes) {
        this.bytes = bytes;
    }

    /// @return the record to be stored: not a copy, so store it before the next [SeriesForecaster#observe]
    public byte[] bytes() {
        return bytes;
    }
}
