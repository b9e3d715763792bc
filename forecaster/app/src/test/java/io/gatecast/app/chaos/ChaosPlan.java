package io.gatecast.app.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// What a run with faults is made of, all of it following from the seed.
///
/// @param events records of the input, about
/// @param keys   series
/// @param kills  instances killed with SIGKILL, every third of which loses its folder, too
/// @param seed   of input and faults
record ChaosPlan(int events, int keys, int kills, long seed) {

    /// What happens to a running application.
    enum Fault {
        /// SIGKILL, and a new process over the same folder.
        KILL,
        /// SIGKILL, and a new process without a folder: another member, its state from the changelog.
        KILL_AND_WIPE,
        /// SIGTERM, and a new process over the same folder.
        RESTART,
        /// SIGSTOP until the others have taken over and judged all there is, then SIGCONT: a zombie that must be fenced.
        PAUSE,
        /// From one instance to three, and to one again.
        SCALE,
        /// The broker stops in good order and comes back. It is not killed: there is one replica of everything, and what a
        /// lone broker loses with SIGKILL, a transaction's end among it, is lost to Kafka.
        BROKER_RESTART
    }

    /// From the system's properties `chaos.events`, `chaos.keys`, `chaos.kills` and `chaos.seed`.
    static ChaosPlan fromProperties() {
        return new ChaosPlan(Integer.getInteger("chaos.events", 4_000), Integer.getInteger("chaos.keys", 50),
                Integer.getInteger("chaos.kills", 2), Long.getLong("chaos.seed", 1));
    }

    /// @return in their order
    List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (int kill = 1; kill <= kills; kill++) {
            faults.add(kill % 3 == 2 ? Fault.KILL_AND_WIPE : Fault.KILL);
        }
        faults.addAll(List.of(Fault.PAUSE, Fault.BROKER_RESTART));
        for (int i = 0; i < kills / 5; i++) {
            faults.addAll(List.of(Fault.RESTART, Fault.PAUSE, Fault.SCALE, Fault.BROKER_RESTART));
        }
        Collections.shuffle(faults, new Random(seed));
        return faults;
    }

    /// @return the command that does it all again
    String replay() {
        return "mvn verify -Pchaos -Dchaos.events=" + events + " -Dchaos.keys=" + keys + " -Dchaos.kills=" + kills
                + " -Dchaos.seed=" + seed;
    }
}
