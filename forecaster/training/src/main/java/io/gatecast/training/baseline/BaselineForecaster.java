package io.gatecast.training.baseline;

/// Follows one channel of one series.
public interface BaselineForecaster {
    /// Takes note of the value of the next step.
    ///
    /// @param value NaN = missing
    void observe(double value);

    /// Says what comes after the last value.
    ///
    /// @param horizon steps ahead
    /// @param levels  of the quantiles, rising
    /// @return row-major `[horizon][level]`; NaN where there is nothing to say yet
    double[] forecast(int horizon, double[] levels);
}
