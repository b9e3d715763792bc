package io.gatecast.app.http;

/// Who asks.
///
/// @param name a user's, or which token was shown; for the audit topic
/// @param role the most that they may
record Caller(String name, Role role) {
    /// Somebody who showed nothing.
    static final Caller NOBODY = new Caller("nobody", Role.ANYBODY);

    boolean may(Role wanted) {
        return role.compareTo(wanted) >= 0;
    }
}
