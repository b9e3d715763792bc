package io.gatecast.streams;

/// How a version that an instance holds stands, by the last word on it, whether its time has come or not.
///
/// @param effectiveFrom of its record, milliseconds since the epoch; 0 = the beginning
public record ModelStanding(String id, int version, Role role, long effectiveFrom) {

    /// What it does.
    public enum Role {
        CHAMPION, CANARY, SHADOW,
        /// A candidate, a former champion, or retired.
        NONE
    }
}
