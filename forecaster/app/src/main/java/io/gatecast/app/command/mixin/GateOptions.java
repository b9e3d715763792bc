package io.gatecast.app.command.mixin;

import io.gatecast.app.model.Gate;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// By what and by how much a new version must be better than the champion.
public final class GateOptions {
    @Option(names = "--margin", paramLabel = "SHARE", defaultValue = "0", converter = Margins.class, description = "Promote only what is better than the champion by so much on what was held out, as in 2%% (default: ${DEFAULT-VALUE}, better at all).")
    private double margin;

    @Option(names = "--measure", paramLabel = "NAME", defaultValue = "mase", converter = Measures.class, description = "What is measured: mase, smape, wql, pinball or msis (default: ${DEFAULT-VALUE}).")
    private Gate.By measure;

    public Gate gate() {
        return new Gate(measure, margin);
    }

    /// Reads a share that may be none.
    static final class Margins implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return text.strip().matches("0(\\.0*)?%?") ? Double.valueOf(0) : new Shares().convert(text);
        }
    }

    /// Reads a measure's name.
    static final class Measures implements ITypeConverter<Gate.By> {
        @Override
        public Gate.By convert(String text) {
            for (Gate.By each : Gate.By.values()) {
                if (each.label().equals(text.toLowerCase(Locale.ROOT))) {
                    return each;
                }
            }
            throw new TypeConversionException("'" + text + "': expected mase, smape, wql, pinball or msis");
        }
    }
}
