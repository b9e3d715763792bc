package io.gatecast.app.command;

import io.gatecast.app.alerts.UndeliveredTopic;
import io.gatecast.app.alerts.UndeliveredTopic.Fate;
import io.gatecast.app.alerts.UndeliveredTopic.Letter;
import io.gatecast.app.command.mixin.KafkaOptions;
import io.gatecast.app.command.mixin.OutputOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Once each.
@Command(name = "replay", mixinStandardHelpOptions = true, sortOptions = false, description = "Tell webhooks again what they would not have, each once: what was told since is passed over.")
final class ReplayAlertsCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--dry-run", description = "Say what would be told, and tell nothing.")
    private boolean dryRun;

    @Option(names = "--moved", description = "Letters of addresses that the file does not name any more are for the one webhook it names.")
    private boolean moved;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// One letter, for a program.
    record Row(String id, String receiver, String reason, String when, String origin, String fate, String message) {
        static Row of(Letter letter) {
            return new Row(letter.id(), letter.receiver(), letter.reason(), letter.when().toString(), letter.origin(),
                    text(letter.fate()), letter.message());
        }
    }

    /// The answer to a program.
    record Rows(List<Row> letters) {}

    @Override
    public Integer call() throws IOException {
        try (UndeliveredTopic topic = UndeliveredTopic.open(kafka.load())) {
            List<Letter> letters = dryRun ? topic.list(moved) : topic.replay(moved);
            letters.stream().filter(letter -> letter.fate() != Fate.TOLD_BEFORE).forEach(letter -> output.say(
                    "%-60s %-16s %s", letter.id().isEmpty() ? letter.origin() : letter.id(), text(letter.fate()),
                    letter.fate() == Fate.UNDELIVERED ? letter.message() : letter.receiver()));
            Fate done = dryRun ? Fate.WAITING : Fate.TOLD;
            output.say("%s %,d of %,d.", dryRun ? "Would tell again:" : "Told again:", letters.stream()
                    .filter(letter -> letter.fate() == done).count(), letters.size());
            output.result(new Rows(letters.stream().map(Row::of).toList()));
            return letters.stream().anyMatch(letter -> letter.fate() == Fate.UNDELIVERED) ? 1 : 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("stopped; what was told until then is noted").initCause(e);
        }
    }

    private static String text(Fate fate) {
        return fate.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
