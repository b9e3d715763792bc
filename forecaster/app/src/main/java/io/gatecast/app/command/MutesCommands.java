package io.gatecast.app.command;

import io.gatecast.app.command.mixin.AuthorOptions;
import io.gatecast.app.command.mixin.KafkaOptions;
import io.gatecast.app.command.mixin.Moments;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.avro.Mute;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.ControlTopic;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Maintenance windows, in the topic of mutes.
final class MutesCommands {
    private MutesCommands() {}

    /// One mute, for a program.
    record Row(String pattern, String from, String to, String reason, String who, String when) {
        static Row of(Mute mute) {
            return new Row(mute.getPattern(), mute.getFrom().toString(), mute.getTo().toString(), mute.getReason(),
                    mute.getWho(), mute.getWhen().toString());
        }
    }

    /// The answer to a program.
    record Rows(List<Row> mutes) {
        static Rows of(List<Mute> mutes) {
            return new Rows(mutes.stream().map(Row::of).toList());
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    private static String keyOf(Mute mute) {
        return mute.getPattern() + "@" + mute.getFrom().toEpochMilli();
    }

    private static void tell(OutputOptions output, Mute mute) {
        output.say("%-24s %-24s %-24s %-12s %s", mute.getPattern(), mute.getFrom(), mute.getTo(), mute.getWho(),
                mute.getReason());
    }

    /// One more.
    @Command(name = "mute", mixinStandardHelpOptions = true, sortOptions = false, description = "Hold back what is told of some series for a time; the anomalies themselves stay as they are.")
    static final class MuteCommand implements Callable<Integer> {
        @Parameters(paramLabel = "PATTERN", description = "A regular expression that a whole series id must match, as in 'pump-.*'.")
        private String pattern;
        @Option(names = "--from", paramLabel = "TIME", converter = Moments.class, description = "First event time that is muted, as in 2026-01-31T12:00:00Z (default: now).")
        private @Nullable Long from;
        @Option(names = "--to", required = true, paramLabel = "TIME", converter = Moments.class, description = "First event time that is not muted any more.")
        private Long to;
        @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
        private String reason;
        @Mixin
        private AuthorOptions author = new AuthorOptions();
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws IOException {
            Instant begin = from == null ? now() : Instant.ofEpochMilli(from), end = Instant.ofEpochMilli(to);
            if (!begin.isBefore(end)) {
                throw new IllegalArgumentException("--to: expected a time after " + begin + ", found " + end);
            }
            requirePattern();
            Mute mute = new Mute(pattern, begin, end, reason, author.by(), now());
            StreamsSettings settings = kafka.load();
            try (Registry registry = Registry.connect(settings.registry());
                    ControlTopic<Mute> topic = ControlTopic.mutes(registry, settings)) {
                topic.put(keyOf(mute), mute);
            }
            output.say("Muted %s from %s to %s.", pattern, begin, end);
            output.result(Row.of(mute));
            return 0;
        }

        private void requirePattern() {
            try {
                Pattern.compile(pattern);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("PATTERN: expected a regular expression, found '" + pattern + "': "
                        + e.getDescription(), e);
            }
        }
    }

    /// Ends mutes. What was muted until now stays so in the record, so that it is known later what was held back.
    @Command(name = "unmute", mixinStandardHelpOptions = true, sortOptions = false, description = "End the mutes of a pattern now, and take back those to come.")
    static final class UnmuteCommand implements Callable<Integer> {
        @Parameters(paramLabel = "PATTERN", description = "As it was muted.")
        private String pattern;
        @Mixin
        private AuthorOptions author = new AuthorOptions();
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws IOException {
            Instant now = now();
            StreamsSettings settings = kafka.load();
            try (Registry registry = Registry.connect(settings.registry());
                    ControlTopic<Mute> topic = ControlTopic.mutes(registry, settings)) {
                Map<String, Mute> mutes = topic.list();
                List<Mute> ended = mutes.values().stream()
                        .filter(mute -> mute.getPattern().equals(pattern) && mute.getTo().isAfter(now)).toList();
                if (ended.isEmpty()) {
                    throw new IllegalArgumentException("no mute of '" + pattern + "' lasts or is to come: "
                            + "'alerts list' shows those there are");
                }
                for (Mute mute : ended) {
                    topic.put(keyOf(mute), mute.getFrom().isBefore(now)
                            ? Mute.newBuilder(mute).setTo(now).setWho(author.by()).setWhen(now).build()
                            : null);
                }
                output.say("Ended %,d.", ended.size());
                output.result(Rows.of(ended));
            }
            return 0;
        }
    }

    /// Those that last or are to come, or all.
    @Command(name = "list", mixinStandardHelpOptions = true, sortOptions = false, description = "Show the mutes that last or are to come.")
    static final class ListCommand implements Callable<Integer> {
        @Option(names = "--all", description = "Those that are over, too.")
        private boolean all;
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws IOException {
            Instant now = now();
            StreamsSettings settings = kafka.load();
            try (Registry registry = Registry.connect(settings.registry());
                    ControlTopic<Mute> topic = ControlTopic.mutes(registry, settings)) {
                List<Mute> mutes = topic.list().values().stream().filter(mute -> all || mute.getTo().isAfter(now))
                        .sorted(Comparator.comparing(Mute::getFrom).thenComparing(Mute::getPattern)).toList();
                output.say("%-24s %-24s %-24s %-12s %s", "SERIES", "FROM", "TO", "WHO", "REASON");
                mutes.forEach(mute -> tell(output, mute));
                if (mutes.isEmpty()) {
                    output.say("(none)");
                }
                output.result(Rows.of(mutes));
            }
            return 0;
        }
    }
}
