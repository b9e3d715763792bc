package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.streams.Routes.Decision;
import io.gatecast.streams.Routes.Route;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
    @Test
    void theLongestLiteralPrefixIsAskedFirst() {
        Routes routes = Routes.of(List.of(new Decision(1, "*", "all", 0), new Decision(2, "site-a/*", "a", 0),
                new Decision(3, "site-a/pump-*", "pumps", 0), new Decision(4, "*/pump-1", "ones", 0),
                new Decision(5, "site-a/pump-7", "seven", 0)));
        assertEquals(List.of("seven", "pumps", "a", "ones", "all"),
                routes.at(0).stream().map(Route::modelId).toList());
    }

    @Test
    void theLastWordOnAPatternCountsFromItsTime() {
        Routes routes = Routes.of(List.of(new Decision(1, "a*", "one", 10), new Decision(2, "a*", "two", 20),
                new Decision(3, "a*", "", 30)));
        assertEquals(List.of(), routes.at(9));
        assertEquals(List.of(new Route("a*", "one")), routes.at(19));
        assertEquals(List.of(new Route("a*", "two")), routes.at(29));
        assertEquals(List.of(), routes.at(30));
    }

    @Test
    void whatIsDecidedLaterOverridesWhatIsToCome() {
        Routes routes = Routes.of(List.of(new Decision(1, "a*", "one", 20), new Decision(2, "a*", "two", 10)));
        assertEquals("two", routes.at(25).getFirst().modelId());
    }

    /// Against the platform's regular expressions.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aPatternFitsAsItsExpressionDoes(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            String pattern = text(random, "ab*"), id = text(random, "ab");
            String expression = ("|" + pattern + "|").chars().skip(1).limit(pattern.length())
                    .mapToObj(c -> c == '*' ? ".*" : Pattern.quote(String.valueOf((char) c)))
                    .collect(Collectors.joining());
            assertEquals(id.matches(expression), new Route(pattern, "m").matches(id), pattern + " on " + id);
        }
    }

    private static String text(Random random, String letters) {
        return random.ints(random.nextInt(8), 0, letters.length())
                .mapToObj(i -> String.valueOf(letters.charAt(i))).collect(Collectors.joining());
    }
}
