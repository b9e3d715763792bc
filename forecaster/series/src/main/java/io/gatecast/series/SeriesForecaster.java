package io.gatecast.series;

import org.jspecify.annotations.Nullable;

/// The only place where an event meets a model. Holds scratch memory for one thread, so each thread makes its own; the
/// state of a series lies outside, in bytes, and is handed in with each observation.
public final class SeriesForecaster {
    private final Model model;

    public SeriesForecaster(Model model) {
        this.model = model;
    }

    /// Opens the state of a series for [#observe]: a fresh one, the stored one, or, where the bytes were written under
    /// another model, one that is replayed through this model at the next observation.
    ///
    /// @param seriesId the series, which names its episodes
    /// @param stored   bytes as [SeriesState#bytes] gave them; null for a new series
    /// @throws IllegalArgumentException if the bytes are no state
    public SeriesState open(String seriesId, byte @Nullable [] stored) {
        throw new UnsupportedOperationException(model.id());
    }

    /// Judges one observation and moves the state on, in place.
    public Outcome observe(SeriesState state, Observation observation) {
        throw new UnsupportedOperationException(model.id());
    }
}
