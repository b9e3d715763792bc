package io.gatecast.app.command.mixin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SpeedsTest {
    @ParameterizedTest
    @CsvSource({"1x,1", "60x,60", "0.5x,0.5"})
    void aSpeedIsAFactor(String text, double expected) {
        assertEquals(expected, new Speeds().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "60", "x", "0x", "-1x", "fast"})
    void anythingElseIsRefusedWithAnExample(String text) {
        var e = assertThrows(TypeConversionException.class, () -> new Speeds().convert(text));
        assertEquals("'" + text + "': expected a speed such as 1x, 60x or 0.5x", e.getMessage());
    }
}
