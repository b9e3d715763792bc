package io.gatecast.app.command;

import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.kafka.Publisher;
import io.gatecast.avro.Model;
import io.gatecast.streams.ModelDifference;
import io.gatecast.streams.ModelDifference.Row;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What differs between two models.
@Command(name = "diff", mixinStandardHelpOptions = true, sortOptions = false, description = "Show what differs between two models: how they are built and fed, how they were trained, how far their weights lie apart.")
final class ModelDiffCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL", description = "A file, or with --config one of the models topic, as in default/1.")
    private String one;
    @Parameters(index = "1", paramLabel = "MODEL", description = "Another.")
    private String other;
    @Option(names = "--config", paramLabel = "FILE", description = "Properties: Kafka's own keys (bootstrap.servers, ...), schema.registry.url, gatecast.*.")
    private @Nullable Path config;
    @Mixin
    private OutputOptions output = new OutputOptions();

    /// The answer to a program.
    record Result(List<Row> differences) {}

    @Override
    public Integer call() throws IOException {
        List<Row> rows = config == null
                ? ModelDifference.between(inFile(one), inFile(other))
                : between(StreamsSettings.load(config));
        output.say("%-36s %-32s %s", "", one, other);
        rows.forEach(row -> output.say("%-36s %-32s %s", row.what(), row.one(), row.other()));
        if (rows.isEmpty()) {
            output.say("(nothing)");
        }
        output.result(new Result(rows));
        return 0;
    }

    private List<Row> between(StreamsSettings settings) throws IOException {
        try (Publisher publisher = Publisher.open(settings)) {
            return ModelDifference.between(inEither(publisher, one), inEither(publisher, other));
        }
    }

    private static Model inEither(Publisher publisher, String name) throws IOException {
        return Files.exists(Path.of(name)) ? inFile(name) : publisher.find(name);
    }

    private static Model inFile(String name) {
        return ModelFile.read(Path.of(name));
    }
}
