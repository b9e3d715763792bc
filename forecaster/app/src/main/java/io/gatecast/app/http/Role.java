package io.gatecast.app.http;

import io.javalin.security.RouteRole;

/// Who may.
enum Role implements RouteRole {
    /// Everybody who reaches the port: health, and the pages without what they show.
    ANYBODY,
    /// Whoever shows the read token, or the admin token.
    READ,
    /// Whoever shows the admin token.
    ADMIN
}
