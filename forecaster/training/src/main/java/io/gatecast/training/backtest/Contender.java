package io.gatecast.training.backtest;

/// Whoever forecasts one series, event by event, and knows nothing but what it was told.
interface Contender {
    /// Moves on by one observation. Steps that are passed over had none.
    ///
    /// @param step   on the grid, rising
    /// @param values one a channel; NaN = missing
    void observe(int step, double[] values);

    /// Says what comes after the last observation.
    ///
    /// @param quantiles `[channel][horizon][Q]`, on return the forecast
    /// @return whether it has anything to say of every step yet
    boolean forecast(double[] quantiles);
}
