package io.gatecast.app.command;

import io.gatecast.app.command.mixin.Durations;
import io.gatecast.app.command.mixin.KafkaOptions;
import io.gatecast.app.command.mixin.Moments;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.kafka.Publisher;
import io.gatecast.avro.Features;
import io.gatecast.avro.GradientNorms;
import io.gatecast.avro.Layer;
import io.gatecast.avro.Model;
import io.gatecast.avro.TrainingReport;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import io.gatecast.streams.ModelTopic.Entry;
import io.gatecast.streams.Spans;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What is in the models topic, and what goes there.
@Command(name = "models", mixinStandardHelpOptions = true, description = "List, show and publish models; evaluate them, and exchange them with other tools.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        ModelsCommand.ListCommand.class, ModelsCommand.ShowCommand.class, ModelsCommand.PublishCommand.class,
        EvalCommand.class, ImportCommand.class,
        ExportCommand.class})
public final class ModelsCommand {

    /// One model, for a program.
    record Summary(String key, @Nullable String status, @Nullable String effectiveFrom, @Nullable String architecture,
            @Nullable Double validationMase, @Nullable String fault) {

        static Summary of(Entry entry) {
            Model record = entry.record();
            TrainingReport report = record == null ? null : record.getReport();
            return new Summary(entry.key(), record == null ? null : record.getStatus().name(),
                    record == null ? null : moment(record), record == null ? null : layersOf(record),
                    report == null ? null : report.getValidationMase(), entry.fault());
        }
    }

    private static String moment(Model record) {
        return record.getEffectiveFrom().equals(Instant.EPOCH) ? "the beginning" : record.getEffectiveFrom().toString();
    }

    static String layersOf(Model record) {
        return record.getArchitecture().getLayers().stream().map(ModelsCommand::layer)
                .collect(Collectors.joining(" + "));
    }

    private static String layer(Layer layer) {
        return layer.getCell() + " " + layer.getUnits()
                + (layer.getGrid() == null
                        ? ""
                        : " on " + layer.getGrid().getRows() + "x" + layer.getGrid().getColumns())
                + (layer.getBidirectional() ? " both ways" : "") + (layer.getResidual() ? " residual" : "");
    }

    /// All of them.
    @Command(name = "list", mixinStandardHelpOptions = true, sortOptions = false, description = "List what the models topic holds.")
    static final class ListCommand implements Callable<Integer> {
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Mixin
        private OutputOptions output = new OutputOptions();

        /// The answer to a program.
        record Result(List<Summary> models) {}

        @Override
        public Integer call() throws IOException {
            try (Publisher publisher = Publisher.open(kafka.load())) {
                List<Summary> models = publisher.list().stream().map(Summary::of).toList();
                output.say("%-24s %-8s %-26s %-16s %s", "MODEL", "STATUS", "COUNTS FROM", "ARCHITECTURE", "MASE");
                models.forEach(this::tell);
                if (models.isEmpty()) {
                    output.say("(none: gatecast models publish MODEL.avro --config FILE)");
                }
                output.result(new Result(models));
            }
            return 0;
        }

        private void tell(Summary model) {
            if (model.fault() == null) {
                output.say("%-24s %-8s %-26s %-16s %s", model.key(), model.status(), model.effectiveFrom(),
                        model.architecture(), known(model.validationMase()));
            } else {
                output.say("%-24s %-8s %s", model.key(), "REFUSED", model.fault());
            }
        }
    }

    /// One of them, with all that is known of it.
    @Command(name = "show", mixinStandardHelpOptions = true, sortOptions = false, description = "Show one model: what it is fed, what it is made of, how it was trained.")
    static final class ShowCommand implements Callable<Integer> {
        @Parameters(paramLabel = "MODEL", description = "A file, as train wrote it; with --config one of the models topic, as in default/1.")
        private String name;
        @Option(names = "--config", paramLabel = "FILE", description = "Properties: Kafka's own keys (bootstrap.servers, ...), schema.registry.url, gatecast.*.")
        private @Nullable Path config;
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws IOException {
            Entry entry = config == null ? inFile() : inTopic(StreamsSettings.load(config));
            tell(entry);
            output.result(Summary.of(entry));
            return 0;
        }

        private Entry inFile() throws IOException {
            Path file = Path.of(name);
            if (!Files.exists(file)) {
                throw new IOException(name + ": there is no such file; a model of the models topic is shown with"
                        + " --config FILE");
            }
            Model record = ModelFile.read(file);
            ModelRecords.toNetwork(record, name); // refuses what no topology would take
            return new Entry(ModelRecords.keyOf(record), name, record, null);
        }

        private Entry inTopic(StreamsSettings settings) throws IOException {
            try (Publisher publisher = Publisher.open(settings)) {
                List<Entry> entries = publisher.list();
                return entries.stream().filter(each -> each.key().equals(name)).findFirst()
                        .orElseThrow(() -> new IOException("model " + name + " is not in the topic; there "
                                + (entries.isEmpty()
                                        ? "is none"
                                        : "are " + entries.stream().map(Entry::key)
                                                .collect(Collectors.joining(", ")))));
            }
        }

        private void tell(Entry entry) {
            Model record = entry.record();
            output.say("%s at %s", entry.key(), entry.where());
            if (entry.fault() != null) {
                output.say("  refused      %s", entry.fault());
            }
            if (record != null) {
                output.say("  status       %s, counts from %s", record.getStatus(), moment(record));
                output.say("  layers       %s, %d inputs", layersOf(record), record.getArchitecture().getInputs());
                output.say("  head         %s %s, %d channel(s)", record.getArchitecture().getHead(),
                        record.getArchitecture().getQuantiles(), record.getArchitecture().getChannels());
                tell(record.getFeatures());
                output.say("  weights      %,d in %d tensors, sha256 %s",
                        record.getTensors().stream().mapToLong(t -> (long) t.getRows() * t.getColumns()).sum(),
                        record.getTensors().size(), record.getSha256());
                tell(record.getReport());
            }
        }

        private void tell(@Nullable Features features) {
            if (features != null) {
                output.say("  forecasts    %d steps of %s, seasons %s", features.getHorizon(),
                        Spans.text(Duration.ofMillis(features.getIntervalMillis())), features.getSeasons());
                output.say("  a step is    the %s of its observations", features.getResampling());
            }
        }

        private void tell(@Nullable TrainingReport report) {
            if (report != null) {
                output.say("  trained      %s on %s: %,d series, %,d steps, %,d updates in %.0f s, seed %d",
                        report.getCreatedAt(), report.getData(), report.getSeries(), report.getObservations(),
                        report.getUpdates(), report.getSeconds(), report.getSeed());
                if (report.getFrom() != null) {
                    output.say("  data         %s", TrainingPage.range(report).substring(", ".length()));
                }
                if (!report.getChoices().isEmpty()) {
                    output.say("  choices      %s", new TreeMap<>(report.getChoices()).entrySet().stream()
                            .map(choice -> choice.getKey() + " " + choice.getValue())
                            .collect(Collectors.joining("; ")));
                }
                output.say("  held out     MASE %s, seasonal naive %s", known(report.getValidationMase()),
                        known(report.getValidationSeasonalNaiveMase()));
                output.say("  gradients    %,d of %,d shortened, the longest %.3g; at the end %s",
                        report.getClippedUpdates(),
                        report.getUpdates(), report.getLargestGradient(),
                        report.getGradients().isEmpty() ? "unknown" : flow(report.getGradients().getLast()));
            }
        }
    }

    private static String known(@Nullable Double error) {
        return error == null ? "-" : String.format(Locale.ROOT, "%.3f", error);
    }

    private static String flow(GradientNorms norms) {
        return new TreeMap<>(norms.getByLayer()).entrySet().stream()
                .map(layer -> String.format(Locale.ROOT, "%s %.2g", layer.getKey(), layer.getValue()))
                .collect(Collectors.joining(", "));
    }

    /// From a file into the topic.
    @Command(name = "publish", mixinStandardHelpOptions = true, sortOptions = false, description = "Publish a model file; running instances take it up without a stop.")
    static final class PublishCommand implements Callable<Integer> {
        @Parameters(paramLabel = "MODEL.avro", description = "As train wrote it.")
        private Path file;
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Option(names = "--id", paramLabel = "NAME", description = "Publish it as a version of this model (default: the file's).")
        private @Nullable String modelId;
        @Option(names = "--lead", paramLabel = "TIME", converter = Durations.class, description = "How far ahead of the stream it begins to count, in event time (default: ten steps).")
        private @Nullable Duration lead;
        @Option(names = "--effective-from", paramLabel = "TIME", converter = Moments.class, description = "Event time from which it counts, as in 2026-01-31T12:00:00Z.")
        private @Nullable Long effectiveFrom;
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws IOException {
            Model draft = ModelFile.read(file);
            if (modelId != null) {
                draft.setModelId(modelId);
            }
            try (Publisher publisher = Publisher.open(kafka.load())) {
                Model published = publisher.publish(draft, new Publisher.When(
                        effectiveFrom == null ? null : Instant.ofEpochMilli(effectiveFrom), lead));
                output.say("Published %s/%d; it counts from %s.", published.getModelId(), published.getVersion(),
                        moment(published));
                output.result(Summary.of(new Entry(published.getModelId() + "/" + published.getVersion(), "", published,
                        null)));
            }
            return 0;
        }
    }
}
