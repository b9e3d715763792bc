package io.gatecast.app.progress;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// How far long work has come, told on stderr: a moving bar on a terminal, otherwise a plain line now and then. To be
/// used by one thread.
public sealed interface Progress extends AutoCloseable {

    /// @param done how much is done by now, from 0 to the total
    void to(long done);

    /// @param note a few words to stand beside the figures from now on, such as a loss
    void note(String note);

    /// Ends the bar or writes the last line.
    @Override
    void close();

    /// Begins.
    ///
    /// @param task  what is done, as in `Training`
    /// @param unit  what is counted, as in `records`; empty where shares are, with a total of 100
    /// @param total how much there is to do
    /// @param err   where plain lines go
    static Progress start(String task, String unit, long total, PrintWriter err) {
        return System.console() != null && System.console().isTerminal()
                ? new Bar(task, unit, total)
                : new Lines(task, unit, total, err, System::nanoTime);
    }

    /// The moving bar.
    final class Bar implements Progress {
        /// Characters. Asked for it, the library would open the terminal anew, and Ctrl-C would then end the JVM at once,
        /// with nothing put away.
        private static final int WIDTH = 78;

        private final ProgressBar bar;

        private Bar(String task, String unit, long total) {
            PrintStream err = System.err;
            bar = new ProgressBarBuilder().setTaskName(task).setUnit(unit.isEmpty() ? "" : " " + unit, 1)
                    .setInitialMax(total)
                    .setUpdateIntervalMillis(200).setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
                    .setStyle(err.charset().equals(StandardCharsets.UTF_8)
                            ? ProgressBarStyle.COLORFUL_UNICODE_BAR
                            : ProgressBarStyle.ASCII)
                    .build();
        }

        @Override
        public void to(long done) {
            bar.stepTo(done);
        }

        @Override
        public void note(String note) {
            bar.setExtraMessage(note);
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    /// Plain lines, at the beginning, at the end and at most one in five seconds between.
    final class Lines implements Progress {
        private static final long BETWEEN_LINES = Duration.ofSeconds(5).toNanos();

        private final String task;
        private final String unit;
        private final long total;
        private final PrintWriter err;
        private final LongSupplier nanoTime;
        private final long started;
        private long lastLine;
        private long done;
        private String note = "";

        Lines(String task, String unit, long total, PrintWriter err, LongSupplier nanoTime) {
            this.task = task;
            this.unit = unit;
            this.total = total;
            this.err = err;
            this.nanoTime = nanoTime;
            this.started = nanoTime.getAsLong();
            this.lastLine = started;
            print(unit.isEmpty() ? task + " ..." : String.format(Locale.ROOT, "%s: %,d %s ...", task, total, unit));
        }

        @Override
        public void to(long done) {
            this.done = done;
            long now = nanoTime.getAsLong();
            if (now - lastLine >= BETWEEN_LINES) {
                lastLine = now;
                long percent = total == 0 ? 100 : 100 * done / total;
                print(unit.isEmpty()
                        ? String.format(Locale.ROOT, "%s: %d %%%s", task, percent, suffix())
                        : String.format(Locale.ROOT, "%s: %,d of %,d %s (%d %%)%s", task, done, total, unit, percent,
                                suffix()));
            }
        }

        @Override
        public void note(String note) {
            this.note = note;
        }

        @Override
        public void close() {
            double seconds = (nanoTime.getAsLong() - started) / 1e9;
            print(unit.isEmpty()
                    ? String.format(Locale.ROOT, "%s: %d %% in %.1f s%s", task, done, seconds, suffix())
                    : String.format(Locale.ROOT, "%s: %,d %s in %.1f s%s", task, done, unit, seconds, suffix()));
        }

        private String suffix() {
            return note.isEmpty() ? "" : ", " + note;
        }

        private void print(String line) {
            err.println(line);
            err.flush();
        }
    }
}
