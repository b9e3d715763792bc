package io.gatecast.app.command.mixin;

import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Where Kafka is and how to talk to it.
public final class KafkaOptions {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "Properties: Kafka's own keys (bootstrap.servers, ...), schema.registry.url, gatecast.*.")
    private Path file;

    public Path file() {
        return file;
    }

    public StreamsSettings load() throws IOException {
        return StreamsSettings.load(file);
    }
}
