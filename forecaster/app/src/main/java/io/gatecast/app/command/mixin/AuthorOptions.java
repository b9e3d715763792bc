package io.gatecast.app.command.mixin;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Who says what is written where others read it.
public final class AuthorOptions {
    @Option(names = "--by", paramLabel = "NAME", description = "Who says so (default: whoever is logged in).")
    private @Nullable String by;

    public String by() {
        return by == null ? System.getProperty("user.name", "unknown") : by;
    }
}
