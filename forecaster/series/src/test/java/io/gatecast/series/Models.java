package io.gatecast.series;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.HeadKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import java.util.List;

/// Untrained models for tests: what they say is of no use, but it is theirs to the bit.
final class Models {
    static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);

    private Models() {}

    static Model of(FeatureSpec spec, int version, int units, List<Double> levels) {
        return of(spec, version, units, HeadKind.QUANTILES, levels);
    }

    private static Model of(FeatureSpec spec, int version, int units, HeadKind head, List<Double> levels) {
        Architecture architecture = spec.architecture(List.of(new RecurrentLayer(CellKind.LSTM, units)), head, levels);
        return new Model("test", version, 0, spec,
                Network.compile(architecture, Network.initialise(architecture, version)));
    }

    static Model of(FeatureSpec spec, int version) {
        return of(spec, version, 5, LEVELS);
    }

    static Model of(FeatureSpec spec, int version, HeadKind head) {
        return of(spec, version, 5, head, head == HeadKind.POINT ? List.of(0.5) : LEVELS);
    }
}
