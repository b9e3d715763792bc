package io.gatecast.app.command.mixin;

import java.util.List;
import picocli.CommandLine.Option;

/// Which columns are known at the event.
public final class CovariateOptions {
    @Option(names = "--covariates", split = ",", paramLabel = "NAMES", description = "Columns that hold what is known beside the values, such as a temperature: the network sees them and does not forecast them. In the wide layout they belong to every series; of a topic they name the observations' covariates in their order.")
    private List<String> names = List.of();

    /// @return in their order; empty = none
    public List<String> names() {
        return names;
    }
}
