package io.gatecast.app.command.mixin;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a share as people write it: 5% or 0.05.
public final class Shares implements ITypeConverter<Double> {
    private static final String EXPECTED = "expected a share, as in 5% or 0.05, above 0 and at most all";

    @Override
    public Double convert(String text) {
        String number = text.strip();
        boolean percent = number.endsWith("%");
        try {
            double share = percent
                    ? Double.parseDouble(number.substring(0, number.length() - 1)) / 100
                    : Double.parseDouble(number);
            if (share > 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "': " + EXPECTED);
        }
        throw new TypeConversionException("'" + text + "': " + EXPECTED);
    }
}
