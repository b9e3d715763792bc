package io.gatecast.app.chaos;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same input gives the same bytes, whatever happens to the instances and to the broker: they are killed, restarted,
/// paused, wiped, added and taken away, and the broker goes and comes back. See [Chaos].
///
/// Short in `mvn verify`; `mvn verify -Pchaos -Dchaos.kills=20 -Dchaos.seed=1` is the long form. A failure says the seed.
final class ChaosIT {
    @TempDir
    private Path folder;

    @Test
    void faultsChangeNoByte() throws Exception {
        ChaosPlan plan = ChaosPlan.fromProperties(2);
        try (Brokers broker = LoneBroker.start(folder); SchemaServer schemas = new SchemaServer()) {
            Chaos.changesNoByte(plan, broker, schemas.url(), folder);
        } catch (IOException | AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + "\nSeed " + plan.seed() + "; again with: " + plan.replay(ChaosIT.class), e);
        }
    }
}
