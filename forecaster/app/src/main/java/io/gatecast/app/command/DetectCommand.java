package io.gatecast.app.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.gatecast.app.command.mixin.AlarmOptions;
import io.gatecast.app.command.mixin.DataOptions;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.progress.Progress;
import io.gatecast.series.AlarmBudget;
import io.gatecast.series.AnomalyEvent;
import io.gatecast.series.AnomalyEvent.Phase;
import io.gatecast.series.Forecast;
import io.gatecast.series.Model;
import io.gatecast.series.Outcome.Forecasted;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import io.gatecast.training.data.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Judges every row of a file as the stream would have.
@Command(name = "detect", mixinStandardHelpOptions = true, sortOptions = false, description = "Lead a model through the series of a file, event by event as in a stream, and write a row for each: how improbable it was, what was expected and which episode it belongs to.")
public final class DetectCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "MODEL.avro", description = "As train --output wrote it.")
    private Path modelFile;

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(names = "--output", required = true, paramLabel = "OUT.csv", description = "A row for each of the data: series,timestamp,channel,value,anomaly_score,expected,lower,upper,phase,kind,severity,episode; of several channels that which stands out most.")
    private Path file;

    @Mixin
    private AlarmOptions alarms = new AlarmOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// The answer to a program.
    record Answer(String modelId, int modelVersion, int series, long rows, long episodes) {}

    /// What was told of a row.
    ///
    /// @param score    NaN where it was not judged
    /// @param episode  that it belongs to; null where none is open
    private record Row(Series series, int index, int channel, double score, @Nullable Forecast before,
            @Nullable AnomalyEvent turn, @Nullable String episode) {}

    @Override
    public Integer call() throws IOException {
        Destination.check(file);
        Model model = ModelRecords.toModel(ModelFile.read(modelFile), modelFile.toString());
        List<Series> series = data.load(Duration.ofMillis(model.features().intervalMillis()),
                model.features().known().covariateNames());
        List<Row> rows = new ArrayList<>();
        try (Progress progress = output.progress("Detecting", "series", series.size())) {
            int done = 0;
            for (Series each : series) {
                judge(model, alarms.budget(), each, rows);
                progress.to(++done);
            }
        }
        int median = model.network().architecture().head().median();
        WholeCsv.write(file, csv -> {
            csv.writeRecord("series", "timestamp", "channel", "value", "anomaly_score", "expected", "lower", "upper",
                    "phase", "kind", "severity", "episode");
            rows.forEach(row -> write(csv, row, median));
        });
        long episodes = rows.stream().filter(row -> row.turn != null && row.turn.phase() == Phase.OPENED).count();
        output.say("%,d rows of %,d series, %,d episodes by %s/%d: %s", rows.size(), series.size(), episodes,
                model.id(), model.version(), file);
        output.result(new Answer(model.id(), model.version(), series.size(), rows.size(), episodes));
        return 0;
    }

    private static void judge(Model model, AlarmBudget budget, Series series, List<Row> into) {
        SeriesForecaster forecaster = new SeriesForecaster(model,
                SeriesForecaster.Settings.DEFAULT.withAlarms(budget));
        SeriesState state = forecaster.open(series.id(), null);
        Forecast before = null;
        String episode = null;
        for (int i = 0; i < series.length(); i++) {
            if (forecaster.observe(state, series.observation(i)) instanceof Forecasted forecasted) {
                AnomalyEvent turn = forecasted.anomaly();
                if (turn != null) {
                    episode = turn.episodeId();
                }
                into.add(new Row(series, i, turn == null ? 0 : turn.channel(), forecasted.score(), before, turn,
                        episode));
                if (turn != null && turn.phase() == Phase.CLOSED) {
                    episode = null;
                }
                before = forecasted.forecast();
            } else {
                into.add(new Row(series, i, 0, Double.NaN, null, null, episode));
            }
        }
    }

    private static void write(CsvWriter csv, Row row, int median) {
        Forecast before = row.before;
        int last = before == null ? 0 : before.quantiles().length - 1;
        AnomalyEvent turn = row.turn;
        csv.writeRecord(row.series.id(), Instant.ofEpochMilli(row.series.timestamps()[row.index]).toString(),
                Integer.toString(row.channel), number(row.series.values()[row.channel][row.index]), number(row.score),
                before == null ? "" : number(before.at(1, row.channel, median)),
                before == null ? "" : number(before.at(1, row.channel, 0)),
                before == null ? "" : number(before.at(1, row.channel, last)),
                turn == null ? "" : turn.phase().name(), turn == null ? "" : turn.kind().name(),
                turn == null ? "" : turn.severity().name(), row.episode == null ? "" : row.episode);
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }
}
