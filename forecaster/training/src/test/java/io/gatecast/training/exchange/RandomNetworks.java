package io.gatecast.training.exchange;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.BareRun;
import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Networks whose every weight is drawn on its own: equal ones would hide gates that changed places.
final class RandomNetworks {
    /// Odd in every way: two channels, three bases, so that the file must say what the head means.
    static final HeadShape QUANTILES = new HeadShape(2, 3, 2, List.of(0.1, 0.5, 0.9));
    static final HeadShape POINT = new HeadShape(HeadKind.POINT, 1, 1, 3, List.of(0.5));

    private RandomNetworks() {}

    static BareNetwork of(long seed, int inputs, HeadShape head, RecurrentLayer... layers) {
        Architecture architecture = new Architecture(inputs, List.of(layers), head);
        Parameters parameters = Network.parametersOf(architecture);
        System.arraycopy(numbers(seed, parameters.size(), 0.8f), 0, parameters.values, 0, parameters.size());
        return new BareNetwork(architecture, parameters);
    }

    static RecurrentLayer bidirectional(CellKind cell, int units) {
        return new RecurrentLayer(cell, units, null, true, false);
    }

    static RecurrentLayer residual(CellKind cell, int units, boolean bidirectional) {
        return new RecurrentLayer(cell, units, null, bidirectional, true);
    }

    /// @return uniform in (-limit, limit)
    static float[] numbers(long seed, int count, float limit) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (random.nextFloat() * 2 - 1) * limit;
        }
        return numbers;
    }

    static BareRun run(BareNetwork network, float[] x) {
        return BareRun.of(Network.compile(network.architecture(), network.parameters()), x);
    }

    static int[] bits(BareNetwork network) {
        int[] bits = new int[network.parameters().size()];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(network.parameters().values[i]));
        return bits;
    }
}
