package io.gatecast.series;

import io.gatecast.network.Network;
import io.gatecast.network.kernel.Precision;

/// A network with all that is needed to use it: one version of one model, compiled and ready. Immutable and shared by
/// all threads.
///
/// @param id            which model
/// @param version       from 1, rising
/// @param effectiveFrom event time from which it counts, milliseconds since the epoch; 0 = from the beginning
/// @param features      what it is fed
/// @param network       the weights, packed for this processor
public record Model(String id, int version, long effectiveFrom, FeatureSpec features, Network network) {

    /// The same with its weights in a precision, ready to serve.
    public Model in(Precision precision) {
        return new Model(id, version, effectiveFrom, features, network.in(precision).prepare());
    }
}
