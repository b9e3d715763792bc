package io.gatecast.app.command.mixin;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a speed: `60x` = sixty times as fast as it was recorded.
public final class Speeds implements ITypeConverter<Double> {
    private static final Pattern SPEED = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)x");

    @Override
    public Double convert(String text) {
        Matcher speed = SPEED.matcher(text.strip());
        if (!speed.matches() || Double.parseDouble(speed.group(1)) == 0) {
            throw new TypeConversionException("'" + text + "': expected a speed such as 1x, 60x or 0.5x");
        }
        return Double.valueOf(speed.group(1));
    }
}
