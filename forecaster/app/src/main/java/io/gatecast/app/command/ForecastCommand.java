package io.gatecast.app.command;

import io.gatecast.app.command.SeriesForecasts.Result;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.command.mixin.SourceOptions;
import io.gatecast.app.progress.Progress;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.series.Model;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.training.data.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Forecasts what comes after each series of a file or a topic.
@Command(name = "forecast", mixinStandardHelpOptions = true, sortOptions = false, description = "Forecast what comes after the last value of each series of a file or a topic.")
public final class ForecastCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "MODEL.avro", description = "As train --output wrote it.")
    private Path modelFile;

    @ArgGroup(multiplicity = "1")
    private SourceOptions source = new SourceOptions();

    @Option(names = "--config", paramLabel = "FILE", description = "Properties for --topic: Kafka's own keys, schema.registry.url, gatecast.*.")
    private @Nullable Path config;

    @Option(names = "--output", required = true, paramLabel = "OUT.csv", description = "The medians: id,h1,...,hH.")
    private Path medians;

    @Option(names = "--lower", paramLabel = "LO.csv", description = "The lowest quantile, likewise.")
    private @Nullable Path lower;

    @Option(names = "--upper", paramLabel = "HI.csv", description = "The highest quantile, likewise.")
    private @Nullable Path upper;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Spec
    private CommandSpec spec;

    /// The answer to a program.
    record Answer(String modelId, int modelVersion, int series, int forecasts, int horizon, long accepted,
            long skipped) {}

    /// One table to write.
    private record Table(Path file, int quantile) {}

    @Override
    public Integer call() throws IOException {
        if (source.isTopic() && config == null) {
            throw new ParameterException(spec.commandLine(), "--topic needs --config FILE");
        }
        StreamsSettings settings = config == null ? null : StreamsSettings.load(config);
        Model model = ModelRecords.toModel(ModelFile.read(modelFile), modelFile.toString());
        List<Table> tables = tables(model.network().architecture().head());
        for (Table table : tables) {
            Destination.check(table.file);
        }
        List<Series> series = source.load(Duration.ofMillis(model.features().intervalMillis()), settings,
                model.features().known().covariateNames());
        List<Result> results = forecast(model, series);
        List<QuantileTable.Entry> entries = entries(results);
        for (Table table : tables) {
            QuantileTable.write(table.file, model.features().horizon(), table.quantile, entries);
        }
        answer(model, results, entries.size());
        return 0;
    }

    private List<Table> tables(HeadShape head) {
        List<Table> tables = new ArrayList<>(List.of(new Table(medians, head.median())));
        if (lower != null) {
            tables.add(new Table(lower, 0));
        }
        if (upper != null) {
            tables.add(new Table(upper, head.quantiles().size() - 1));
        }
        return tables;
    }

    private List<Result> forecast(Model model, List<Series> series) {
        AtomicInteger done = new AtomicInteger();
        try (Progress progress = output.progress("Forecasting", "series", series.size())) {
            return SeriesForecasts.of(model, series, () -> {
                synchronized (progress) {
                    progress.to(done.incrementAndGet());
                }
            });
        }
    }

    private List<QuantileTable.Entry> entries(List<Result> results) throws IOException {
        List<QuantileTable.Entry> entries = new ArrayList<>();
        for (Result result : results) {
            if (result.forecast() != null) {
                entries.add(new QuantileTable.Entry(result.id(), result.forecast()));
            } else {
                output.warn("series %s has no forecast: %s", result.id(),
                        Objects.requireNonNullElse(result.reason(), "it has no observations"));
            }
        }
        if (entries.isEmpty()) {
            throw new IOException(source.name() + ": none of its " + results.size() + " series could be forecast");
        }
        return entries;
    }

    private void answer(Model model, List<Result> results, int forecasts) {
        long accepted = results.stream().mapToLong(Result::accepted).sum();
        long skipped = results.stream().mapToLong(Result::skipped).sum();
        if (skipped > 0) {
            output.warn("%,d of %,d observations were skipped: duplicates, late or not to be judged", skipped,
                    accepted + skipped);
        }
        output.say("Forecast the next %d steps of %,d series by %s/%d: %s", model.features().horizon(), forecasts,
                model.id(), model.version(), medians);
        output.result(new Answer(model.id(), model.version(), results.size(), forecasts, model.features().horizon(),
                accepted, skipped));
    }
}
