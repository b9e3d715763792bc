package io.gatecast.series;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import java.util.List;

/// Untrained models for tests: what they say is of no use, but it is theirs to the bit.
final class Models {
    static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);

    private Models() {}

    static Model of(FeatureSpec spec, int version, int units, List<Double> levels) {
        Architecture architecture = spec.architecture(List.of(new RecurrentLayer(CellKind.LSTM, units)), levels);
        return new Model("test", version, 0, spec,
                Network.compile(architecture, Network.initialise(architecture, version)));
    }

    static Model of(FeatureSpec spec, int version) {
        return of(spec, version, 5, LEVELS);
    }
}
