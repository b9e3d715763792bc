package io.gatecast.app.command;

import io.gatecast.app.command.mixin.ChangeOptions;
import io.gatecast.app.command.mixin.KafkaOptions;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.command.mixin.StateOptions;
import io.gatecast.app.kafka.Publisher;
import io.gatecast.app.kafka.Wanted;
import io.gatecast.avro.Features;
import io.gatecast.avro.GradientNorms;
import io.gatecast.avro.Layer;
import io.gatecast.avro.Model;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.TrainingReport;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import io.gatecast.streams.ModelTopic.Entry;
import io.gatecast.streams.Registrations;
import io.gatecast.streams.Registrations.Standing;
import io.gatecast.streams.Spans;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.Trust;
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
@Command(name = "models", mixinStandardHelpOptions = true, description = "List and show models, publish them, say which judges what, take one back; evaluate them, and exchange them with other tools.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        ModelsCommand.ListCommand.class, ModelsCommand.ShowCommand.class, ModelDiffCommand.class,
        ModelsCommand.PublishCommand.class,
        ModelStatesCommands.PromoteCommand.class, ModelStatesCommands.RollbackCommand.class,
        ModelStatesCommands.RetireCommand.class, ModelStatesCommands.RouteCommand.class, ModelRoutesCommand.class,
        ModelTrustCommands.KeygenCommand.class, ModelTrustCommands.SignCommand.class,
        EvalCommand.class, ImportCommand.class,
        ExportCommand.class})
public final class ModelsCommand {

    /// One model, for a program.
    record Summary(String key, @Nullable String status, @Nullable String effectiveFrom, @Nullable String architecture,
            @Nullable Double validationMase, @Nullable String fault) {

        static Summary of(Entry entry, @Nullable Standing standing) {
            Model record = entry.record();
            TrainingReport report = record == null ? null : record.getReport();
            return new Summary(entry.key(), standing == null ? null : standing.text(),
                    standing == null ? null : moment(standing.from()), record == null ? null : layersOf(record),
                    report == null ? null : report.getValidationMase(), entry.fault());
        }
    }

    static String moment(Instant from) {
        return from.equals(Instant.EPOCH) ? "the beginning" : from.toString();
    }

    private static @Nullable Standing standing(Registrations now, Entry entry) {
        Model record = entry.record();
        return record == null ? null : now.standing(record);
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
                Registrations now = publisher.registrations();
                List<Summary> models = now.entries().stream().map(entry -> Summary.of(entry, standing(now, entry)))
                        .toList();
                output.say("%-24s %-12s %-26s %-16s %s", "MODEL", "STATE", "COUNTS FROM", "ARCHITECTURE", "MASE");
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
                output.say("%-24s %-12s %-26s %-16s %s", model.key(), model.status(), model.effectiveFrom(),
                        model.architecture(), known(model.validationMase()));
            } else {
                output.say("%-24s %-12s %s", model.key(), "REFUSED", model.fault());
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
            if (config == null) {
                Entry entry = inFile();
                tell(entry, null, List.of());
                output.result(Summary.of(entry, null));
            } else {
                showFromTopic(StreamsSettings.load(config));
            }
            return 0;
        }

        private void showFromTopic(StreamsSettings settings) throws IOException {
            try (Publisher publisher = Publisher.open(settings)) {
                Registrations now = publisher.registrations();
                Entry entry = now.entries().stream().filter(each -> each.key().equals(name)).findFirst()
                        .orElseThrow(() -> new IOException(
                                "model " + name + " is not in the topic; " + Publisher.present(now)));
                Model record = entry.record();
                Standing standing = record == null ? null : now.standing(record);
                tell(entry, standing, record == null ? List.of() : now.history(record));
                output.result(Summary.of(entry, standing));
            }
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

        private void tell(Entry entry, @Nullable Standing standing, List<ModelEvent> history) {
            Model record = entry.record();
            output.say("%s at %s", entry.key(), entry.where());
            if (entry.fault() != null) {
                output.say("  refused      %s", entry.fault());
            }
            if (record != null) {
                if (standing != null) {
                    output.say("  state        %s from %s", standing.text(), moment(standing.from()));
                }
                history.forEach(event -> output.say("  event        %s", ModelStatesCommands.line(event)));
                output.say("  layers       %s, %d inputs", layersOf(record), record.getArchitecture().getInputs());
                output.say("  head         %s %s, %d channel(s)", record.getArchitecture().getHead(),
                        record.getArchitecture().getQuantiles(), record.getArchitecture().getChannels());
                tell(record.getFeatures());
                output.say("  weights      %,d in %d tensors, sha256 %s",
                        record.getTensors().stream().mapToLong(t -> (long) t.getRows() * t.getColumns()).sum(),
                        record.getTensors().size(), record.getSha256());
                output.say("  digest       %s, %s", record.getDigest().isEmpty() ? "none" : record.getDigest(),
                        record.getSignature() == null ? "not signed" : "signed");
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
        @Option(names = "--sign-with", paramLabel = "NAME.key", description = "Sign it, with a key as `models keygen` wrote it.")
        private @Nullable Path key;
        @Mixin
        private StateOptions state = new StateOptions();
        @Mixin
        private ChangeOptions change = new ChangeOptions();
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws IOException {
            Model read = ModelFile.read(file);
            ModelRecords.toNetwork(read, file.toString()); // what was changed on the way is not signed anew
            Model draft = modelId == null ? read : ModelRecords.renamed(read, modelId);
            if (key != null) {
                draft = Trust.sign(draft, Trust.signingKey(key));
            }
            try (Publisher publisher = Publisher.open(kafka.load())) {
                Model published = publisher.publish(draft, new Wanted(state.state(), state.share(), change.when(),
                        change.by(), change.why("published from " + file.getFileName())));
                Standing standing = new Standing(state.state(), false, published.getEffectiveFrom(), state.share(), 0);
                output.say(
                        state.isTrial()
                                ? "Published %s/%d; it is %3$s from %4$s."
                                : "Published %s/%d; it counts from %4$s.",
                        published.getModelId(), published.getVersion(), standing.text(), moment(standing.from()));
                output.result(Summary.of(new Entry(ModelRecords.keyOf(published), "", published, null), standing));
            }
            return 0;
        }
    }
}
