package io.gatecast.app.chaos;

import io.gatecast.app.chaos.ChaosPlan.Fault;
import java.util.List;
import java.util.Random;

/// The Kafka cluster that a chaos run stands on, and what can be done to it.
interface Brokers extends AutoCloseable {

    /// What goes on while a broker is away.
    interface Meanwhile {
        void run() throws Exception;
    }

    /// @return what clients need as `bootstrap.servers`
    String servers();

    /// @return each fault of a broker that it takes without losing what it has acknowledged
    List<Fault> faults();

    /// Lets one broker suffer. Returns once all is well again.
    ///
    /// @param random    says which
    /// @param meanwhile done while it is away, if there are others
    void strike(Fault fault, Random random, Meanwhile meanwhile) throws Exception;

    @Override
    void close() throws Exception;
}
