package io.gatecast.app.http;

import io.javalin.security.RouteRole;

/// Who may.
enum Role implements RouteRole {
    /// Everybody who reaches the port: health, and the pages without what they show.
    ANYBODY,
    /// Whoever shows credentials for reading, or an admin.
    READ,
    /// Whoever may change things.
    ADMIN
}
