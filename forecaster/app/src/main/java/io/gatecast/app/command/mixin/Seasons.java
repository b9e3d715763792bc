package io.gatecast.app.command.mixin;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Season lengths that were said.
///
/// @param steps empty where it was said that there is none
record Seasons(List<Integer> steps) {
    private static final Pattern LENGTHS = Pattern.compile("\\d{1,9}(,\\d{1,9})*");

    /// Reads `24,168`; `none`; and `auto`, which is null.
    static final class Reader implements ITypeConverter<@Nullable Seasons> {
        @Override
        public @Nullable Seasons convert(String text) {
            if (text.equals("auto")) {
                return null;
            }
            if (text.equals("none")) {
                return new Seasons(List.of());
            }
            if (!LENGTHS.matcher(text).matches()) {
                throw new TypeConversionException(
                        "'" + text + "': expected lengths in steps such as 24,168, or none, or auto");
            }
            return new Seasons(Stream.of(text.split(",")).map(Integer::valueOf).toList());
        }
    }
}
