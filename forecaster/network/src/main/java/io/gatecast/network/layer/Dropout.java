package io.gatecast.network.layer;

import java.util.SplittableRandom;

/// Leaves out a share of the numbers that pass from one layer to the next, drawn anew for every step, so that no unit
/// relies on another: Srivastava et al. (2014), JMLR 15. What stays is made larger by as much, so that nothing changes
/// on the average and serving has nothing to do.
public final class Dropout {
    private final float[] factors;
    private boolean active;

    Dropout(int numbers) {
        this.factors = new float[numbers];
    }

    /// Draws what the next pass leaves out.
    ///
    /// @param rate share that is left out, 0 to below 1
    public void draw(double rate, SplittableRandom random) {
        float kept = (float) (1 / (1 - rate));
        for (int i = 0; i < factors.length; i++) {
            factors[i] = random.nextDouble() < rate ? 0 : kept;
        }
        active = true;
    }

    /// Lets the next pass leave out nothing.
    public void rest() {
        active = false;
    }

    /// Multiplies by what was drawn, in place.
    void apply(float[] numbers) {
        if (active) {
            for (int i = 0; i < factors.length; i++) {
                numbers[i] *= factors[i];
            }
        }
    }
}
