package io.gatecast.app.command.mixin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.streams.Spans;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "5s,PT5S", "15m,PT15M", "1h,PT1H", "2d,PT48H"})
    void lengthsOfTimeAreReadAsPeopleWriteThem(String text, Duration expected) {
        assertEquals(expected, new Durations().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1ms", "1500ms", "5s", "90s", "15m", "90m", "1h", "36h", "2d"})
    void andWrittenSo(String text) {
        assertEquals(text, Spans.text(new Durations().convert(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "h", "-1h", "0s", "1.5h", "1 fortnight"})
    void anythingElseIsRefused(String text) {
        assertThrows(TypeConversionException.class, () -> new Durations().convert(text));
    }

    @Test
    void theRefusalShowsWhatIsExpected() {
        var e = assertThrows(TypeConversionException.class, () -> new Durations().convert("soon"));
        assertEquals("'soon': expected a length of time such as 5s, 15m, 1h or 1d", e.getMessage());
    }
}
