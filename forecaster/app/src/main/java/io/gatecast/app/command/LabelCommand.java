package io.gatecast.app.command;

import io.gatecast.app.alerts.EpisodeSearch;
import io.gatecast.app.alerts.EpisodeSearch.Found;
import io.gatecast.app.command.mixin.AuthorOptions;
import io.gatecast.app.command.mixin.KafkaOptions;
import io.gatecast.app.command.mixin.Moments;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.avro.Label;
import io.gatecast.avro.Verdict;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.ControlTopic;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What a person says of an episode.
@Command(name = "label", mixinStandardHelpOptions = true, sortOptions = false, description = "Say of an episode whether something was wrong; said again, the last word counts.")
final class LabelCommand implements Callable<Integer> {
    @Parameters(paramLabel = "EPISODE", description = "Its episodeId.")
    private String episodeId;

    @ArgGroup(multiplicity = "1")
    private Said said = new Said();

    /// One of the two, or neither any more.
    static final class Said {
        @Option(names = "--true-alarm", description = "Something was wrong: train --labels leaves it out of what is learned.")
        private boolean trueAlarm;

        @Option(names = "--false-alarm", description = "Nothing was wrong: for a while the series has to show more to alarm.")
        private boolean falseAlarm;

        @Option(names = "--none", description = "Take back what was said.")
        private boolean none;
    }

    @Option(names = "--from", paramLabel = "TIME", converter = Moments.class, description = "Event time from which it changes what the series alarms at, as in 2026-01-31T12:00:00Z (default: now).")
    private @Nullable Long from;

    @Option(names = "--note", paramLabel = "TEXT", description = "Anything else, for a person.")
    private @Nullable String note;

    @Mixin
    private AuthorOptions author = new AuthorOptions();

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// One label, for a program.
    record Row(String episodeId, String series, String from, String to, String verdict, String who, String when,
            @Nullable String note) {
        static Row of(Label label) {
            return new Row(label.getEpisodeId(), label.getSeries(), label.getFrom().toString(),
                    label.getTo().toString(), text(label.getVerdict()), label.getWho(), label.getWhen().toString(),
                    label.getNote());
        }
    }

    /// The answer to a program.
    record Rows(List<Row> labels) {}

    @Override
    public Integer call() throws IOException {
        StreamsSettings settings = kafka.load();
        try (Registry registry = Registry.connect(settings.registry());
                ControlTopic<Label> topic = ControlTopic.labels(registry, settings)) {
            if (said.none) {
                topic.put(episodeId, null);
                output.say("Nothing is said of %s any more.", episodeId);
                output.result(new Rows(List.of()));
                return 0;
            }
            Found episode = EpisodeSearch.find(settings, registry, episodeId)
                    .orElseThrow(() -> new IllegalArgumentException("no episode '" + episodeId + "' is in topic "
                            + settings.topics().anomalies() + ": expected the episodeId of a record there"));
            Label label = new Label(episodeId, episode.seriesId(), episode.from(), episode.to(),
                    said.falseAlarm ? Verdict.FALSE_ALARM : Verdict.TRUE_ALARM, author.by(),
                    Instant.now().truncatedTo(ChronoUnit.MILLIS), note,
                    from == null ? null : Instant.ofEpochMilli(from));
            topic.put(episodeId, label);
            output.say("Labelled %s a %s: series %s, %s to %s.", episodeId, text(label.getVerdict()),
                    label.getSeries(), label.getFrom(), label.getTo());
            output.result(Row.of(label));
        }
        return 0;
    }

    private static String text(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// All of them.
    @Command(name = "labels", mixinStandardHelpOptions = true, sortOptions = false, description = "Show what was said of episodes.")
    static final class ListCommand implements Callable<Integer> {
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws IOException {
            StreamsSettings settings = kafka.load();
            try (Registry registry = Registry.connect(settings.registry());
                    ControlTopic<Label> topic = ControlTopic.labels(registry, settings)) {
                List<Row> rows = topic.list().values().stream()
                        .sorted(Comparator.comparing(Label::getWhen).thenComparing(Label::getEpisodeId)).map(Row::of)
                        .toList();
                output.say("%-40s %-12s %-24s %-12s %s", "EPISODE", "VERDICT", "WHEN", "WHO", "NOTE");
                rows.forEach(row -> output.say("%-40s %-12s %-24s %-12s %s", row.episodeId(), row.verdict(),
                        row.when(), row.who(), row.note() == null ? "" : row.note()));
                if (rows.isEmpty()) {
                    output.say("(none)");
                }
                output.result(new Rows(rows));
            }
            return 0;
        }
    }
}
