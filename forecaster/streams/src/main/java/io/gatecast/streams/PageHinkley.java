package io.gatecast.streams;

/// Page-Hinkley's test (Page 1954, doi:10.2307/2333009) for a mean that rises: errors above their own mean so far, by more than
/// a tolerance, add up; it is time where they have added up to a limit since they were lowest. Errors count in units of their
/// mean, so that one tolerance and one limit do for every model.
final class PageHinkley {
    /// Nothing is said before a mean means something.
    private static final int LEAST = 10;

    private final double tolerance;
    private final double limit;
    private long count;
    private double mean;
    private double sum;
    private double lowest;

    /// @param tolerance rise of the mean that is put up with, as a share of it
    /// @param limit     that errors beyond it must add up to, in means
    PageHinkley(double tolerance, double limit) {
        this.tolerance = tolerance;
        this.limit = limit;
    }

    /// @return whether the mean has risen
    boolean add(double error) {
        if (count >= LEAST && mean > 0) { // judged by the mean before it
            sum += error / mean - 1 - tolerance;
            lowest = Math.min(lowest, sum);
        }
        count++;
        mean += (error - mean) / count;
        return sum - lowest > limit;
    }

    double mean() {
        return mean;
    }
}
