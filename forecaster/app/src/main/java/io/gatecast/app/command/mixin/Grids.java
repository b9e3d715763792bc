package io.gatecast.app.command.mixin;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Rows and columns of a grid, as in 4x6.
public final class Grids implements ITypeConverter<Grids.Size> {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6})x(\\d{1,6})");

    /// @param rows    from top to bottom
    /// @param columns from left to right
    public record Size(int rows, int columns) {}

    @Override
    public Size convert(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new TypeConversionException("expected rows and columns, as in 4x6, found '" + text + "'");
        }
        return new Size(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
    }
}
