package io.gatecast.app.log;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.jspecify.annotations.Nullable;

/// The log's form and how much it tells, beside what `log4j2.xml` and the environment say: `GATECAST_LOG_FORMAT` and
/// `GATECAST_LOG`.
public final class Logs {
    private static final String FORMAT = "gatecast.log.format";
    private static final String FORMAT_OF_ENVIRONMENT = "GATECAST_LOG_FORMAT";
    private static final String LEVEL = "GATECAST_LOG";
    private static final String OURS = "io.gatecast";
    static final List<String> LEVELS = List.of("off", "error", "warn", "info", "debug", "trace");
    static final List<String> FORMATS = Stream.of(Format.values()).map(Format::label).toList();

    private Logs() {}

    /// How an event is written, in one line.
    public enum Format {
        /// For a person: time, level, place, what happened, fields in braces.
        TEXT,
        /// For a program: a JSON object, a field each.
        JSON;

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Before anything is logged: takes the form that the environment asks for, text where it asks for none. How much is
    /// told `log4j2.xml` takes from there itself.
    ///
    /// @throws IllegalArgumentException with a sentence, where it asks for what there is not
    public static void useEnvironment() {
        require(System.getenv(LEVEL), LEVELS, LEVEL);
        String format = require(System.getenv(FORMAT_OF_ENVIRONMENT), FORMATS, FORMAT_OF_ENVIRONMENT);
        if (format != null && System.getProperty(FORMAT) == null) {
            System.setProperty(FORMAT, format);
        }
    }

    static @Nullable String require(@Nullable String value, List<String> known, String variable) {
        String found = value == null || value.isBlank() ? null : value.strip().toLowerCase(Locale.ROOT);
        if (found != null && !known.contains(found)) {
            throw new IllegalArgumentException("environment variable " + variable + ": expected one of "
                    + String.join(", ", known) + ", found '" + value + "'");
        }
        return found;
    }

    public static void use(Format format) {
        System.setProperty(FORMAT, format.label());
        Configurator.reconfigure();
    }

    /// For what runs long and is looked at later: what Gatecast does is told at INFO, too, unless the environment says how
    /// much is wanted.
    public static void tellEvents() {
        if (System.getenv(LEVEL) == null) {
            Configurator.setLevel(OURS, Level.INFO);
        }
    }
}
