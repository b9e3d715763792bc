package io.gatecast.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/// The command line, run within the test.
public final class Gatecasts {
    private Gatecasts() {}

    /// What came of it.
    ///
    /// @param out lines of stdout
    /// @param err stderr
    public record Run(int status, List<String> out, String err) {}

    public static Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Gatecast.commandLine(arguments).setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        int status = commandLine.execute(arguments);
        return new Run(status, out.toString().lines().toList(), err.toString());
    }
}
