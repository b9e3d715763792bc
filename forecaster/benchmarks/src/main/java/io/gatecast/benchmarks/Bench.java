package io.gatecast.benchmarks;

import io.gatecast.app.Sentence;
import io.gatecast.benchmarks.pipeline.GuardCommand;
import io.gatecast.benchmarks.pipeline.PipelineCommand;
import io.gatecast.benchmarks.pipeline.StartCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The root of `gatecast bench`. It lies apart from the other commands, so that what they run on carries no benchmark and no
/// peer.
@Command(name = "gatecast bench", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Measures what Gatecast costs on this machine.", subcommands = {
        PipelineCommand.class, StartCommand.class, GuardCommand.class})
public final class Bench {
    private static final int FAILED = 1;

    private Bench() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true).setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    PrintWriter err = command.getErr();
                    err.println("gatecast bench: " + Sentence.of(e));
                    if (System.getenv("GATECAST_DEBUG") != null) {
                        e.printStackTrace(err);
                    }
                    err.flush();
                    return FAILED;
                }).execute(arguments));
    }
}
