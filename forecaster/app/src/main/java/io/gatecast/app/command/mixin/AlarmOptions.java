package io.gatecast.app.command.mixin;

import io.gatecast.series.AlarmBudget;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How many alarms are wanted.
public final class AlarmOptions {
    @Option(names = "--alerts-per-day", paramLabel = "N", description = "How many alarms a thousand series may raise in a day together (default: one in 8,000 steps of each).")
    private @Nullable Double perDay;

    public AlarmBudget budget() {
        return perDay == null ? AlarmBudget.DEFAULT : AlarmBudget.of(perDay);
    }
}
