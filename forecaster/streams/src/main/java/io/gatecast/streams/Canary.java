package io.gatecast.streams;

/// Which series a canary judges: a share of them, by a hash of their ids, so that a series stays on one side whatever
/// machine asks, and those of a small share are among those of a larger one. FNV-1a (Fowler, Noll, Vo) over the id's UTF-16
/// units, its bits mixed by MurmurHash3's finaliser, so that ids that differ in their last digit are spread, too.
final class Canary {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final int PARTS = 1_000_000;

    private Canary() {}

    /// @param share 0 to 1
    static boolean includes(String seriesId, double share) {
        return Long.remainderUnsigned(hash(seriesId), PARTS) < Math.round(share * PARTS);
    }

    private static long hash(String text) {
        long hash = OFFSET;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            hash = (hash ^ (unit & 0xff)) * PRIME;
            hash = (hash ^ (unit >>> 8)) * PRIME;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
