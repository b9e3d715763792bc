package io.gatecast.streams.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The series that an instance holds, and who holds the others.
public interface Holdings {

    /// Looks for a series here.
    ///
    /// @param most  steps to tell of, the newest
    /// @param stale whether a standby's answer will do
    Found find(String seriesId, int most, boolean stale);

    /// Goes through the ids that are held here, in the order of their UTF-8 bytes.
    ///
    /// @param after only ids after this one; null = from the beginning
    /// @param part  only ids that have this in them, in letters of either case; empty = all
    /// @param most  ids, at least 1
    /// @throws NotReadyException while state is on the move
    Ids list(@Nullable String after, String part, int most);

    /// @return all instances as this one knows them, itself included
    List<Peer> peers();

    /// @return what it does, as in RUNNING or REBALANCING
    String state();

    /// @return whether it judges observations and can be asked
    boolean isReady();

    /// Some of the ids.
    ///
    /// @param ids  in order
    /// @param next to go on after; null at the end
    record Ids(List<String> ids, @Nullable String next) {
        public Ids {
            ids = List.copyOf(ids);
        }
    }

    /// An instance.
    ///
    /// @param address    `host:port` of its HTTP API, as its application.server says
    /// @param here       whether it is this one
    /// @param partitions of observations that it judges
    /// @param standbys   of which it keeps a copy
    record Peer(String address, boolean here, List<Integer> partitions, List<Integer> standbys) {
        public Peer {
            partitions = List.copyOf(partitions);
            standbys = List.copyOf(standbys);
        }
    }
}
