package io.gatecast.series.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CategoriesTest {
    private static final Categories SITES = Categories.of("^([^/]+)/",
            List.of("north/pump1", "east/fan", "north/fan", "alone"), OptionalInt.empty());

    @Test
    void categoriesAreSortedAndDistinct() {
        assertEquals(List.of("east", "north"), SITES.vocabulary());
        assertEquals(3, SITES.dimensions());
        assertEquals(5, Categories.of("^([^/]+)/", List.of("a/b"), OptionalInt.of(5)).dimensions());
        assertEquals(8, Categories.of(".+", IntStream.range(0, 500).mapToObj(String::valueOf).toList(),
                OptionalInt.empty()).dimensions());
    }

    @ParameterizedTest
    @CsvSource({"east/x, 1", "north/new, 2", "west/x, 0", "alone, 0", "/x, 0"})
    void anIdHasTheCategoryThatWasLearnedOrIsUnknown(String id, int category) {
        assertEquals(category, SITES.index().of(id));
    }

    @Test
    void withoutAGroupTheWholeMatchIsTheCategory() {
        Categories kinds = Categories.of("fan|pump\\d", List.of("north/pump1", "east/fan"), OptionalInt.empty());
        assertEquals(List.of("fan", "pump1"), kinds.vocabulary());
        assertEquals(1, kinds.index().of("west/fan9"));
        Categories optional = Categories.of("x(y)?", List.of("x", "xy"), OptionalInt.empty());
        assertEquals(List.of("", "y"), optional.vocabulary());
    }

    @Test
    void whatCannotBeUsedIsRefused() {
        assertEquals("category: expected a regular expression as in ^([^/]+)/, found ([: Unclosed character class",
                refusal("([", List.of("a")));
        assertEquals("category: expected a series whose id matches ^x/, found none", refusal("^x/", List.of("a")));
        assertEquals(
                "category: expected at most 10000 different ones, found 10001; choose a pattern that tells groups of"
                        + " series, not each",
                refusal(".+", IntStream.range(0, 10_001).mapToObj(String::valueOf).toList()));
        assertEquals("category: expected a sorted vocabulary, found b before a", String.valueOf(assertThrows(
                IllegalArgumentException.class, () -> new Categories("x", List.of("b", "a"), 1)).getMessage()));
    }

    private static String refusal(String pattern, List<String> ids) {
        return String.valueOf(assertThrows(IllegalArgumentException.class,
                () -> Categories.of(pattern, ids, OptionalInt.empty())).getMessage());
    }
}
