package io.gatecast.app.log;

import java.util.Locale;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/// The log's form and how much it tells, beside what `log4j2.xml` and the environment say: `GATECAST_LOG_FORMAT` and
/// `GATECAST_LOG`.
public final class Logs {
    private static final String FORMAT = "gatecast.log.format";
    private static final String FORMAT_OF_ENVIRONMENT = "GATECAST_LOG_FORMAT";
    private static final String LEVEL = "GATECAST_LOG";
    private static final String OURS = "io.gatecast";

    private Logs() {}

    /// How an event is written, in one line.
    public enum Format {
        /// For a person: time, level, place, what happened, fields in braces.
        TEXT,
        /// For a program: a JSON object, a field each.
        JSON
    }

    /// Before anything is logged; what asks for no form is taken for text.
    public static void useFormatOfEnvironment() {
        String format = System.getenv(FORMAT_OF_ENVIRONMENT);
        if (format != null && System.getProperty(FORMAT) == null) {
            System.setProperty(FORMAT, format.toLowerCase(Locale.ROOT));
        }
    }

    public static void use(Format format) {
        System.setProperty(FORMAT, format.name().toLowerCase(Locale.ROOT));
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
