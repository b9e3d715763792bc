package io.gatecast.app.command;

import picocli.CommandLine.Command;

/// What people are told of anomalies, and what they say of them.
@Command(name = "alerts", mixinStandardHelpOptions = true, description = "Deliver anomalies, also again; mute series; say which alarms were false.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        DeliverCommand.class, ReplayAlertsCommand.class, MutesCommands.MuteCommand.class,
        MutesCommands.UnmuteCommand.class,
        MutesCommands.ListCommand.class, LabelCommand.class, LabelCommand.ListCommand.class})
public final class AlertsCommand {}
