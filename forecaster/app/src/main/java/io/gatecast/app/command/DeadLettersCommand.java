package io.gatecast.app.command;

import io.gatecast.app.command.mixin.KafkaOptions;
import io.gatecast.app.command.mixin.LetterOptions;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.streams.DeadLetterTopic;
import io.gatecast.streams.DeadLetterTopic.Letter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What was set aside, and what becomes of it.
@Command(name = "dead-letters", mixinStandardHelpOptions = true, description = "List observations that were set aside, and send them again.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        DeadLettersCommand.ListCommand.class, DeadLettersCommand.ReplayCommand.class})
public final class DeadLettersCommand {
    private static final int SHOWN_OF_A_KEY = 24;

    /// One letter, for a program.
    record Row(String origin, String reason, String when, @Nullable String key, long bytes, boolean omitted,
            boolean replayed, String message) {

        static Row of(Letter letter) {
            return new Row(letter.origin(), letter.reason(), letter.when().toString(), letter.key(), letter.bytes(),
                    letter.omitted(), letter.replayed(), letter.message());
        }
    }

    /// The answer to a program.
    record Letters(List<Row> letters) {
        static Letters of(List<Letter> letters) {
            return new Letters(letters.stream().map(Row::of).toList());
        }
    }

    private static void tell(OutputOptions output, Letter letter) {
        output.say("%-28s %-15s %-24s %-24s %,10d%s", letter.origin(), letter.reason(), letter.when(), shown(letter),
                letter.bytes(), letter.replayed() ? "  sent again" : letter.omitted() ? "  bytes not kept" : "");
    }

    private static String shown(Letter letter) {
        String key = letter.key() == null ? "(none)" : letter.key().replaceAll("\\p{Cntrl}", "?");
        return key.length() <= SHOWN_OF_A_KEY ? key : key.substring(0, SHOWN_OF_A_KEY - 3) + "...";
    }

    /// Them all, or some.
    @Command(name = "list", mixinStandardHelpOptions = true, sortOptions = false, description = "Show where each lay, why and when it was set aside, its key and its size.")
    static final class ListCommand implements Callable<Integer> {
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Mixin
        private LetterOptions which = new LetterOptions();
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws IOException {
            try (DeadLetterTopic topic = DeadLetterTopic.open(kafka.load())) {
                List<Letter> letters = which.among(topic.list());
                output.say("%-28s %-15s %-24s %-24s %10s", "OBSERVATION", "REASON", "WHEN", "KEY", "BYTES");
                letters.forEach(letter -> tell(output, letter));
                if (letters.isEmpty()) {
                    output.say("(none)");
                }
                output.result(Letters.of(letters));
            }
            return 0;
        }
    }

    /// Once each.
    @Command(name = "replay", mixinStandardHelpOptions = true, sortOptions = false, description = "Send them to the observations again, each once: what was sent before is passed over.")
    static final class ReplayCommand implements Callable<Integer> {
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Mixin
        private LetterOptions which = new LetterOptions();
        @Option(names = "--dry-run", description = "Say what would be sent, and send nothing.")
        private boolean dryRun;
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws IOException {
            try (DeadLetterTopic topic = DeadLetterTopic.open(kafka.load())) {
                List<Letter> sent = dryRun ? toBeSent(topic.list()) : topic.replay(this::toBeSent);
                sent.forEach(letter -> tell(output, letter));
                output.say("%s %,d.", dryRun ? "Would send again:" : "Sent again:", sent.size());
                output.result(Letters.of(sent));
            }
            return 0;
        }

        /// A limit counts what is sent, not what is passed over.
        private List<Letter> toBeSent(List<Letter> letters) {
            return which.among(letters.stream().filter(DeadLetterTopic::canBeSent).toList());
        }
    }
}
