package io.gatecast.app.command;

import io.gatecast.app.command.mixin.AlarmOptions;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.progress.Progress;
import io.gatecast.training.detection.Alarms;
import io.gatecast.training.detection.CrossFit;
import io.gatecast.training.detection.Detector;
import io.gatecast.training.detection.EventScore;
import io.gatecast.training.detection.ForestDetector;
import io.gatecast.training.detection.Labelled;
import io.gatecast.training.detection.Layout;
import io.gatecast.training.detection.NabScore;
import io.gatecast.training.detection.NabScore.Profile;
import io.gatecast.training.detection.NabScore.Result;
import io.gatecast.training.detection.StoredScores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Prints how well anomalies are found in series whose anomalies are known.
@Command(name = "evaluate-detector", mixinStandardHelpOptions = true, sortOptions = false, description = "Lead detectors through labelled series, event by event, and score their alarms. Gatecast's model learns from other series than those that it is judged on; every setting is the same for all.")
public final class EvaluateDetectorCommand implements Callable<Integer> {
    @Option(names = "--data", required = true, paramLabel = "FOLDER", description = "Folder of labelled series.")
    private Path folder;

    @Option(names = "--layout", required = true, paramLabel = "LAYOUT", description = "${COMPLETION-CANDIDATES}. NAB: data/KIND/FILE.csv and labels/combined_windows.json; KPI: FILE.csv of timestamp,value,label; SKAB: KIND/FILE.csv of datetime;SENSOR...;anomaly;changepoint.")
    private Layout layout;

    @Option(names = "--detectors", split = ",", defaultValue = "gatecast,rcf", paramLabel = "NAMES", description = "Some of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); RCF is AWS' thresholded random cut forest.")
    private List<Contestant> detectors;

    @Option(names = "--scores", paramLabel = "FOLDER", description = "Score what another detector wrote in NAB's form instead: KIND/DETECTOR_FILE.csv, or .csv.gz, with a column anomaly_score.")
    private @Nullable Path scores;

    @Option(names = "--false-alarms", defaultValue = "1", paramLabel = "N", description = "How many false alarms a series and day are borne where events are counted (default: ${DEFAULT-VALUE}).")
    private double falseAlarms;

    @Mixin
    private AlarmOptions alarms = new AlarmOptions();

    @Option(names = "--folds", defaultValue = "3", paramLabel = "N", description = "Parts, each judged by a model that learned from the others (default: ${DEFAULT-VALUE}).")
    private int folds;

    @Option(names = "--seed", defaultValue = "1", paramLabel = "N", description = "Fixes what is left to chance (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// Who can be led through the series.
    enum Contestant {
        GATECAST, RCF
    }

    /// NAB's score under one profile.
    record Nab(Profile profile, Result result) {}

    /// Of one detector.
    ///
    /// @param nab    at the threshold that is best for all series; empty where the layout has no such windows
    /// @param within at the lowest threshold that gives no more false alarms than are borne
    /// @param all    of all its alarms
    record Figures(String detector, List<Nab> nab, EventScore within, double f1Within, EventScore all, double f1,
            int alarms) {}

    /// The answer to a program.
    record Answer(Layout layout, int series, int events, List<Figures> detectors) {}

    @Override
    public Integer call() throws IOException {
        List<Labelled> labelled = layout.read(folder);
        int events = labelled.stream().mapToInt(each -> each.windows().size()).sum();
        output.say("%,d series with %,d events in %s", labelled.size(), events, folder);
        List<Figures> figures = new ArrayList<>();
        if (scores != null) {
            figures.add(figures(String.valueOf(scores.getFileName()), StoredScores.read(scores, labelled)));
        } else {
            for (Contestant each : detectors) {
                figures.add(figures(each.name().toLowerCase(Locale.ROOT), run(each, labelled)));
            }
        }
        figures.forEach(this::tell);
        output.result(new Answer(layout, labelled.size(), events, figures));
        return 0;
    }

    private List<Alarms> run(Contestant contestant, List<Labelled> labelled) {
        try (Progress progress = output.progress(contestant.name().toLowerCase(Locale.ROOT), "", 100)) {
            return switch (contestant) {
                case GATECAST -> new CrossFit(folds, seed, alarms.budget(), Runtime.getRuntime().availableProcessors())
                        .detect(labelled, done -> progress.to(Math.round(100 * done)));
                case RCF -> all(new ForestDetector(seed), labelled, progress);
            };
        }
    }

    private static List<Alarms> all(Detector detector, List<Labelled> labelled, Progress progress) {
        AtomicInteger done = new AtomicInteger();
        return IntStream.range(0, labelled.size()).parallel().mapToObj(labelled::get).map(each -> {
            Alarms alarms = new Alarms(each, detector.alarms(each.series()));
            synchronized (progress) {
                progress.to(100L * done.incrementAndGet() / labelled.size());
            }
            return alarms;
        }).toList();
    }

    private Figures figures(String name, List<Alarms> alarms) {
        List<Nab> nab = layout == Layout.NAB
                ? Arrays.stream(Profile.values()).map(profile -> new Nab(profile, NabScore.best(alarms, profile)))
                        .toList()
                : List.of();
        EventScore within = EventScore.within(alarms, falseAlarms), all = EventScore.of(alarms);
        int count = alarms.stream()
                .mapToInt(each -> (int) Arrays.stream(each.scores()).filter(score -> score > 0).count()).sum();
        return new Figures(name, nab, within, within.f1(), all, all.f1(), count);
    }

    private void tell(Figures figures) {
        output.say("%n%s", figures.detector);
        for (Nab nab : figures.nab) {
            Result result = nab.result;
            output.say("  NAB, %-19s %6.2f   of %d windows %d missed, %d false alarms, threshold %.6f",
                    nab.profile.name().toLowerCase(Locale.ROOT).replace('_', ' '), result.score(),
                    figures.all.events(), result.missed(), result.faults(), result.threshold());
        }
        tell("at " + Double.toString(falseAlarms).replaceFirst("\\.0$", "") + " false alarms a day at most",
                figures.within);
        tell("all its alarms", figures.all);
    }

    private void tell(String what, EventScore score) {
        output.say("  %-33s recall %.3f, precision %.3f, F1 %.3f, %.2f false alarms a day, found after %.1f rows", what,
                score.recall(), score.precision(), score.f1(), score.falseAlarmsADay(), score.delay());
    }
}
