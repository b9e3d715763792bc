package io.gatecast.app.chaos;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same as [ChaosIT] on a cluster of three brokers with a real schema registry, in containers: one broker is killed, one
/// is cut off, each while observations come in and are judged, and comes back.
///
/// Where there is no Docker it is skipped, with a line. `. .ci/docker-env` starts an engine and makes images where none can
/// be pulled.
final class ClusterChaosIT {
    @TempDir
    private Path folder;

    @Test
    void killedAndSeparatedBrokersChangeNoByte() throws Exception {
        Optional<String> missing = Containers.missing();
        missing.ifPresent(why -> System.out.println("ClusterChaosIT is skipped: " + why
                + "; '. .ci/docker-env' starts an engine and builds what cannot be pulled"));
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        ChaosPlan plan = ChaosPlan.fromProperties(1);
        try (Containers.Registry registry = new Containers.Registry(); Brokers brokers = BrokerContainers.start()) {
            Chaos.changesNoByte(plan, brokers, registry.url(), folder);
        } catch (IOException | AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "\nSeed " + plan.seed() + "; again with: " + plan.replay(ClusterChaosIT.class), e);
        }
    }
}
