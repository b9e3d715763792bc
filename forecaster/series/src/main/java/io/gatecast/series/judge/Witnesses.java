package io.gatecast.series.judge;

/// What several witnesses say together: Fisher's method with weights (Good 1955, doi:10.1111/j.2517-6161.1955.tb00180.x). Each tells of a probability
/// p under which its observation is nothing out of the way; then `-ln p` is exponentially distributed, and of the
/// weighted sum the tail is known. The forecast weighs 0.3, what the series' own past says of the value and of the
/// shape 1 each: found on the Numenta Anomaly Benchmark, see RATIONALE.
final class Witnesses {
    private static final double FORECAST_WEIGHT = 0.3;
    private static final double FASTER = 1 / FORECAST_WEIGHT - 1;
    private static final double LN10 = StrictMath.log(10);

    private Witnesses() {}

    /// @param forecast digits, `-log10 p`; the other two likewise; NaN = says nothing
    /// @return digits of all; NaN where none says anything
    static double together(double forecast, double season, double shape) {
        int precedents = (Double.isNaN(season) ? 0 : 1) + (Double.isNaN(shape) ? 0 : 1);
        if (precedents == 0) {
            return forecast;
        }
        double others = LN10 * ((Double.isNaN(season) ? 0 : season) + (Double.isNaN(shape) ? 0 : shape));
        double surprise = Double.isNaN(forecast)
                ? precedents == 1 ? others : others - StrictMath.log1p(others)
                : precedents == 1
                        ? one(others + FORECAST_WEIGHT * LN10 * forecast)
                        : two(others + FORECAST_WEIGHT * LN10 * forecast);
        return Math.max(0, surprise) / LN10;
    }

    /// -ln P(w A + B > x), of exponential A, B. With r = 1/w - 1, P = e^-x (1 - w e^-rx) / (1 - w).
    private static double one(double x) {
        double w = FORECAST_WEIGHT;
        return x - StrictMath.log((1 - w * StrictMath.exp(-FASTER * x)) / (1 - w));
    }

    /// -ln P(w A + B + C > x): e^-x (e^-rx + ((1 + x)(1 - e^-rx) / r - (1 - e^-rx (1 + r x)) / r²) / w).
    private static double two(double x) {
        double r = FASTER;
        double fast = StrictMath.exp(-r * x);
        double slow = (1 + x) * (1 - fast) / r - (1 - fast * (1 + r * x)) / (r * r);
        return x - StrictMath.log(fast + slow / FORECAST_WEIGHT);
    }
}
