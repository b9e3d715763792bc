package io.gatecast.app.chaos;

import io.gatecast.app.chaos.ChaosPlan.Fault;
import io.gatecast.app.demo.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// One broker in a process of its own, with one replica of everything. It may go and come back in good order; what it loses
/// with SIGKILL, a transaction's end among it, is lost to Kafka.
final class LoneBroker implements Brokers {
    private static final List<String> SETTINGS = List.of("group.min.session.timeout.ms=1000",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms=1000", "num.io.threads=4");

    private final EmbeddedBroker broker;

    private LoneBroker(EmbeddedBroker broker) {
        this.broker = broker;
    }

    static LoneBroker start(Path folder) throws IOException {
        return new LoneBroker(EmbeddedBroker.start(EmbeddedBroker.ANY_PORT, folder, SETTINGS));
    }

    @Override
    public String servers() {
        return broker.bootstrapServers();
    }

    @Override
    public List<Fault> faults() {
        return List.of(Fault.BROKER_RESTART);
    }

    @Override
    public void strike(Fault fault, Random random, Meanwhile meanwhile) throws IOException {
        if (fault != Fault.BROKER_RESTART) {
            throw new IllegalArgumentException(fault + " is not for a broker that is alone");
        }
        broker.restart();
    }

    @Override
    public void close() throws IOException {
        broker.close();
    }
}
