package io.gatecast.app.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogsTest {
    @ParameterizedTest
    @ValueSource(strings = {"json", "JSON", " Json "})
    void aFormIsTakenHoweverItIsWritten(String value) {
        assertEquals("json", Logs.require(value, Logs.FORMATS, "GATECAST_LOG_FORMAT"));
    }

    @Test
    void nothingAsksForNothing() {
        assertNull(Logs.require(null, Logs.LEVELS, "GATECAST_LOG"));
        assertNull(Logs.require(" ", Logs.LEVELS, "GATECAST_LOG"));
    }

    @Test
    void whatThereIsNotIsRefusedWithWhatThereIs() {
        assertEquals("environment variable GATECAST_LOG_FORMAT: expected one of text, json, found 'jsno'",
                assertThrows(IllegalArgumentException.class,
                        () -> Logs.require("jsno", Logs.FORMATS, "GATECAST_LOG_FORMAT")).getMessage());
        assertEquals("environment variable GATECAST_LOG: expected one of off, error, warn, info, debug, trace,"
                + " found 'verbose'",
                assertThrows(IllegalArgumentException.class,
                        () -> Logs.require("verbose", Logs.LEVELS, "GATECAST_LOG")).getMessage());
    }
}
