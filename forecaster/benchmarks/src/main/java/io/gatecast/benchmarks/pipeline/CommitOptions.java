package io.gatecast.benchmarks.pipeline;

import picocli.CommandLine.Option;

/// How often, and how surely, an instance commits.
final class CommitOptions {
    @Option(names = "--guarantee", paramLabel = "G", defaultValue = "exactly_once_v2", description = "exactly_once_v2 or at_least_once (default: ${DEFAULT-VALUE}).")
    private String guarantee = "";

    @Option(names = "--commit-interval", paramLabel = "MS", defaultValue = "1000", description = "Milliseconds between commits (default: ${DEFAULT-VALUE}).")
    private long millis;

    String guarantee() {
        return guarantee;
    }

    long millis() {
        return millis;
    }
}
