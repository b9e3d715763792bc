package io.gatecast.app.command.mixin;

import io.gatecast.training.data.TopicRange.Offsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Stretches of partitions, as in `0:100-2000` or `0:100-`.
public final class OffsetRanges implements ITypeConverter<Offsets> {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9}):(\\d{1,18})-(\\d{1,18})?");

    @Override
    public Offsets convert(String text) {
        Matcher range = RANGE.matcher(text.strip());
        if (!range.matches()) {
            throw new TypeConversionException("'" + text + "': expected a partition and its offsets, as in 0:100-2000,"
                    + " which ends before 2000, or 0:100-, which goes on to the end");
        }
        String to = range.group(3);
        try {
            return new Offsets(Integer.parseInt(range.group(1)), Long.parseLong(range.group(2)),
                    to == null ? Offsets.END : Long.parseLong(to));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
