package io.gatecast.app.command.mixin;

import io.gatecast.app.json.Json;
import io.gatecast.app.progress.Progress;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// How a command answers: words for a person on stdout, and for a program, if asked, one JSON object as the last line.
public final class OutputOptions {
    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "End with one JSON object as the last line of stdout.")
    private boolean json;

    /// Says something to the person.
    ///
    /// @param format as of [String#format]
    public void say(String format, @Nullable Object... arguments) {
        out().println(String.format(Locale.ROOT, format, arguments));
        out().flush();
    }

    /// Says on stderr what the person should know although the work goes on.
    ///
    /// @param format as of [String#format]
    public void warn(String format, Object... arguments) {
        PrintWriter err = command.commandLine().getErr();
        err.println("gatecast: " + String.format(Locale.ROOT, format, arguments));
        err.flush();
    }

    /// Ends the answer.
    ///
    /// @param result a record, whose components become the object's fields
    public void result(Record result) {
        if (json) {
            out().println(Json.text(result));
            out().flush();
        }
    }

    /// Begins to tell how far work has come, as [Progress#start].
    public Progress progress(String task, String unit, long total) {
        return Progress.start(task, unit, total, command.commandLine().getErr());
    }

    /// @return where answers go
    public PrintWriter out() {
        return command.commandLine().getOut();
    }
}
