package io.gatecast.training.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/// What a person is told when something cannot be read or written.
final class Refusal {
    private Refusal() {}

    /// Holds that `attempt` fails so, in one line with all of `parts` in it.
    static void assertRefused(Class<? extends Exception> kind, Executable attempt, Object... parts) {
        String message = String.valueOf(assertThrows(kind, attempt).getMessage());
        for (Object part : parts) {
            assertTrue(message.contains(part.toString()), () -> "expected «" + part + "» in: " + message);
        }
        assertEquals(1, message.lines().count(), "one sentence: " + message);
    }
}
