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
        /// The broker stops in good order and comes back.
        BROKER_RESTART,
        /// SIGKILL for one broker of several, which is missed, and comes back later.
        BROKER_KILL,
        /// One broker of several loses its network, to the others and to clients, is missed, and comes back later.
        BROKER_CUT_OFF
    }

    /// From the system's properties `chaos.events`, `chaos.keys`, `chaos.kills` and `chaos.seed`.
    ///
    /// @param kills unless the property says otherwise
    static ChaosPlan fromProperties(int kills) {
        return new ChaosPlan(Integer.getInteger("chaos.events", 4_000), Integer.getInteger("chaos.keys", 50),
                Integer.getInteger("chaos.kills", kills), Long.getLong("chaos.seed", 1));
    }

    /// @param ofBrokers what the brokers can take
    /// @return in their order
    List<Fault> faults(List<Fault> ofBrokers) {
        List<Fault> faults = new ArrayList<>();
        for (int kill = 1; kill <= kills; kill++) {
            faults.add(kill % 3 == 2 ? Fault.KILL_AND_WIPE : Fault.KILL);
        }
        if (kills > 1) {
            faults.add(Fault.PAUSE);
        }
        faults.addAll(ofBrokers);
        for (int i = 0; i < kills / 5; i++) {
            faults.addAll(List.of(Fault.RESTART, Fault.PAUSE, Fault.SCALE));
            faults.addAll(ofBrokers);
        }
        Collections.shuffle(faults, new Random(seed));
        return faults;
    }

    /// @return the command that does it all again, for one test
    String replay(Class<?> test) {
        return "mvn verify -Pchaos -Dit.test=" + test.getSimpleName() + " -Dchaos.events=" + events + " -Dchaos.keys="
                + keys + " -Dchaos.kills=" + kills
                + " -Dchaos.seed=" + seed;
    }
}
