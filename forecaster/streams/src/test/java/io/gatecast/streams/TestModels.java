package io.gatecast.streams;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import java.util.List;

/// Small untrained models, whose windows are long enough to lie apart from the states: what they say is of no use, but each version
/// says something else, to the bit.
final class TestModels {
    static final String ID = "fleet";
    static final long HOUR = 3_600_000;

    private TestModels() {}

    static FeatureSpec features() {
        return new FeatureSpec(HOUR, 1, List.of(4), 3, 4, 40, 5);
    }

    static Model model(int version, long effectiveFrom) {
        return model(version, effectiveFrom, features());
    }

    static Model model(int version, long effectiveFrom, FeatureSpec features) {
        Architecture architecture = features.architecture(List.of(new RecurrentLayer(CellKind.LSTM, 3)),
                List.of(0.1, 0.5, 0.9));
        return new Model(ID, version, effectiveFrom, features,
                Network.compile(architecture, Network.initialise(architecture, version)));
    }

    static io.gatecast.avro.Model record(int version, long effectiveFrom) {
        return ModelRecords.toRecord(model(version, effectiveFrom), null);
    }
}
