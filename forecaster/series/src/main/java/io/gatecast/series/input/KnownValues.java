package io.gatecast.series.input;

import java.util.Arrays;

/// The covariates of the last steps of a series, oldest first: as many steps as a replay through another model takes.
public final class KnownValues {
    private final int count;
    private final int steps;
    private final int names;
    /// `[step][covariate]`, in their own units; NaN = unknown
    public final float[] values;

    /// @param count covariates of a step
    /// @param steps that are kept
    /// @param names tells other covariates from these: the hash of their names, which the language fixes
    public KnownValues(int count, int steps, int names) {
        this.count = count;
        this.steps = steps;
        this.names = names;
        this.values = new float[Math.multiplyExact(count, steps)];
        clear();
    }

    /// @return covariates of a step
    public int count() {
        return count;
    }

    /// @return steps that are kept
    public int steps() {
        return steps;
    }

    /// @return what tells other covariates from these
    public int names() {
        return names;
    }

    /// Forgets everything.
    public void clear() {
        Arrays.fill(values, Float.NaN);
    }

    /// Moves on by a step.
    public void push(double[] covariates) {
        pushUnknown();
        for (int i = 0; i < count; i++) {
            values[values.length - count + i] = (float) covariates[i];
        }
    }

    /// Moves on by a step of which nothing is known.
    public void pushUnknown() {
        if (count > 0) {
            System.arraycopy(values, count, values, 0, values.length - count);
            Arrays.fill(values, values.length - count, values.length, Float.NaN);
        }
    }

    /// @param age steps before the newest
    /// @return where in [#values] its covariates begin
    public int at(int age) {
        return values.length - (age + 1) * count;
    }

    /// Takes over the newest steps of another's, as many as there is room for, if they are the same covariates.
    public void copyFrom(KnownValues other) {
        clear();
        if (count == other.count && names == other.names) {
            int kept = count * Math.min(steps, other.steps);
            System.arraycopy(other.values, other.values.length - kept, values, values.length - kept, kept);
        }
    }
}
