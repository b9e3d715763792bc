package io.gatecast.app;

import io.gatecast.app.command.AlertsCommand;
import io.gatecast.app.command.BacktestCommand;
import io.gatecast.app.command.BenchmarkCommand;
import io.gatecast.app.command.DeadLettersCommand;
import io.gatecast.app.command.DemoCommand;
import io.gatecast.app.command.DetectCommand;
import io.gatecast.app.command.DiagnoseCommand;
import io.gatecast.app.command.EvaluateDetectorCommand;
import io.gatecast.app.command.ForecastCommand;
import io.gatecast.app.command.InspectCommand;
import io.gatecast.app.command.ModelsCommand;
import io.gatecast.app.command.PlanCommand;
import io.gatecast.app.command.ProduceCommand;
import io.gatecast.app.command.RunCommand;
import io.gatecast.app.command.TopCommand;
import io.gatecast.app.command.TopicsCommand;
import io.gatecast.app.command.TrainCommand;
import io.gatecast.app.command.TrainerCommand;
import io.gatecast.app.log.Logs;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command line's root. Exit status: 0 done, 1 failed, 2 wrong usage. The only place that catches everything: what
/// a command throws becomes one sentence on stderr here.
@Command(name = "gatecast", mixinStandardHelpOptions = true, versionProvider = Gatecast.Version.class, description = "Forecasts every sensor of a fleet, one event at a time, on Kafka.", synopsisSubcommandLabel = "COMMAND")
public final class Gatecast {
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    private static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class, RunCommand.class, TrainCommand.class, TrainerCommand.class, ForecastCommand.class,
            BacktestCommand.class, DetectCommand.class, EvaluateDetectorCommand.class, BenchmarkCommand.class,
            ModelsCommand.class, ProduceCommand.class, DeadLettersCommand.class, AlertsCommand.class,
            TopicsCommand.class, PlanCommand.class, DiagnoseCommand.class, InspectCommand.class, TopCommand.class);

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show where a failure came from.")
    private boolean debug;

    @Option(names = "--log-format", scope = ScopeType.INHERIT, paramLabel = "FORMAT", description = "How the log is written: ${COMPLETION-CANDIDATES} (default: text; likewise GATECAST_LOG_FORMAT).")
    private void logFormat(Logs.Format format) {
        Logs.use(format);
    }

    public static void main(String[] arguments) {
        StandardError.restore();
        try {
            Logs.useEnvironment();
        } catch (IllegalArgumentException e) {
            System.err.println("gatecast: " + e.getMessage());
            System.exit(WRONG_USAGE);
        }
        System.exit(commandLine(arguments).execute(arguments));
    }

    /// The command line as far as it is asked for: to look into all commands takes a quarter of a second.
    ///
    /// @return its writers can be replaced, which tests do
    static CommandLine commandLine(String... arguments) {
        CommandLine root = new CommandLine(new Gatecast());
        String asked = Stream.of(arguments).filter(word -> !word.startsWith("-")).findFirst().orElse("");
        List<Class<?>> named = COMMANDS.stream().filter(command -> nameOf(command).equals(asked)).toList();
        (named.isEmpty() ? COMMANDS : named).forEach(root::addSubcommand);
        return root.setCaseInsensitiveEnumValuesAllowed(true).setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Gatecast::explainUsage)
                .setExecutionExceptionHandler(Gatecast::explainFailure);
    }

    private static String nameOf(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    private static int explainUsage(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("gatecast: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return WRONG_USAGE;
    }

    private static int explainFailure(Exception e, CommandLine command, ParseResult parsed) {
        Gatecast root = (Gatecast) command.getCommandSpec().root().userObject();
        PrintWriter err = command.getErr();
        err.println("gatecast: " + Sentence.of(e));
        if (root.debug || System.getenv("GATECAST_DEBUG") != null) {
            e.printStackTrace(err);
        }
        err.flush();
        return FAILED;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Gatecast.class.getPackage().getImplementationVersion();
            return new String[]{"gatecast " + (version == null ? "(not from a jar)" : version) + ", Java "
                    + Runtime.version()};
        }
    }
}
