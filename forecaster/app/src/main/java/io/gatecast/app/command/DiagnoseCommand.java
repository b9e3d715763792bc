package io.gatecast.app.command;

import picocli.CommandLine.Command;

/// What can be measured of the cells themselves.
@Command(name = "diagnose", mixinStandardHelpOptions = true, description = "Measure what the gates of a recurrent cell buy.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        GradientFlowCommand.class, LongMemoryCommand.class})
public final class DiagnoseCommand {}
