package io.gatecast.network;

import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Leaves out whole units for the length of a sequence: the same at every step, on the way into each layer but the first
/// and on the way from one step to the next. Gal & Ghahramani (2016), arXiv:1512.05287, derive it as rows of the weight
/// matrices that are zero, and so it is made here: the weights are multiplied by the mask before a pass, and the
/// gradient by the same mask after it. No cell needs to know.
///
/// Drawn for a share of a batch, whose sequences all miss the same units.
public final class VariationalDropout {

    /// Rows of one tensor; a mask shorter than the tensor is repeated, once for each tap of a convolution.
    private record Mask(Tensor tensor, float[] factors) {
        void apply(float[] values) {
            for (int row = 0; row < tensor.rows(); row++) {
                int from = tensor.offset() + row * tensor.columns();
                for (int j = from; j < from + tensor.columns(); j++) {
                    values[j] *= factors[row % factors.length];
                }
            }
        }
    }

    private final List<Mask> masks;

    private VariationalDropout(List<Mask> masks) {
        this.masks = masks;
    }

    /// @param parameters laid out for the architecture
    /// @param rate       share of the units that is left out, 0 to below 1
    public static VariationalDropout draw(Architecture architecture, Parameters parameters, double rate,
            SplittableRandom random) {
        List<Mask> masks = new ArrayList<>();
        for (int i = 0; i < architecture.layers().size(); i++) {
            RecurrentLayer layer = architecture.layers().get(i);
            String prefix = Network.layerName(i);
            for (String cell : layer.bidirectional() ? List.of(prefix, prefix + ".reverse") : List.of(prefix)) {
                if (i > 0) {
                    Tensor w = parameters.tensor(cell + ".W");
                    masks.add(new Mask(w, factors(w.rows() / taps(layer.grid()), rate, random)));
                }
                float[] units = factors(layer.units(), rate, random);
                for (String recurrent : List.of(".U", ".V")) {
                    parameters.find(cell + recurrent).ifPresent(tensor -> masks.add(new Mask(tensor, units)));
                }
            }
        }
        return new VariationalDropout(masks);
    }

    private static int taps(@Nullable Grid grid) {
        return grid == null ? 1 : grid.taps();
    }

    private static float[] factors(int units, double rate, SplittableRandom random) {
        float[] factors = new float[units];
        for (int unit = 0; unit < units; unit++) {
            factors[unit] = random.nextDouble() < rate ? 0 : (float) (1 / (1 - rate));
        }
        return factors;
    }

    /// Multiplies by the masks, in place: the weights before a pass, the gradient after it.
    public void apply(Parameters weightsOrGradient) {
        masks.forEach(mask -> mask.apply(weightsOrGradient.values));
    }
}
