package io.gatecast.app.command.mixin;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;

/// Reads the length of a step: as [Durations]; or `auto`, which is null.
public final class Intervals implements ITypeConverter<@Nullable Duration> {
    @Override
    public @Nullable Duration convert(String text) {
        return text.equals("auto") ? null : new Durations().convert(text);
    }
}
