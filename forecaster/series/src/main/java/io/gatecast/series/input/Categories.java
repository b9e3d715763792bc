package io.gatecast.series.input;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The static category of a series, which its id tells, as its site or its kind. A network learns a few numbers of each, so
/// that a new series of a known category begins with what is usual there.
///
/// @param pattern    regular expression that is looked for in an id: its first group is the category, or the whole match
///                   where it has no group
/// @param vocabulary the categories that were learned from, sorted; every other, and an id without one, is unknown
/// @param dimensions numbers that the network learns of each
public record Categories(String pattern, List<String> vocabulary, int dimensions) {
    private static final int MOST = 10_000;
    private static final int MOST_DIMENSIONS = 8; // unless more are asked for

    /// @throws IllegalArgumentException if the pattern is no regular expression, or the vocabulary is empty, too large or
    ///                                  not sorted
    public Categories {
        compile(pattern);
        vocabulary = List.copyOf(vocabulary);
        require(!vocabulary.isEmpty(), "category: expected a series whose id matches " + pattern + ", found none");
        require(vocabulary.size() <= MOST, "category: expected at most " + MOST + " different ones, found "
                + vocabulary.size() + "; choose a pattern that tells groups of series, not each");
        for (int i = 1; i < vocabulary.size(); i++) {
            require(vocabulary.get(i).compareTo(vocabulary.get(i - 1)) > 0,
                    "category: expected a sorted vocabulary, found " + vocabulary.get(i - 1) + " before "
                            + vocabulary.get(i));
        }
        require(dimensions > 0, "embedding: expected at least 1 dimension, found " + dimensions);
    }

    /// The categories of some series.
    ///
    /// @param dimensions empty = one more than the root of their number, at most 8
    public static Categories of(String pattern, Collection<String> seriesIds, OptionalInt dimensions) {
        Pattern compiled = compile(pattern);
        TreeSet<String> found = new TreeSet<>();
        for (String id : seriesIds) {
            Matcher matcher = compiled.matcher(id);
            if (matcher.find()) {
                found.add(category(matcher));
            }
        }
        return new Categories(pattern, List.copyOf(found), dimensions.orElse(
                Math.min(MOST_DIMENSIONS, (int) Math.ceil(Math.sqrt(found.size())) + 1)));
    }

    private static Pattern compile(String pattern) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "category: expected a regular expression as in ^([^/]+)/, found " + pattern
                            + ": " + e.getDescription(),
                    e);
        }
    }

    /// A group that took no part in the match is empty.
    private static String category(Matcher matcher) {
        String category = matcher.group(Math.min(1, matcher.groupCount()));
        return category == null ? "" : category;
    }

    /// @return what tells the category of an id
    public Index index() {
        return new Index(this);
    }

    /// Ids to categories. For any number of threads.
    public static final class Index {
        private final Pattern pattern;
        private final List<String> vocabulary;

        private Index(Categories categories) {
            this.pattern = compile(categories.pattern);
            this.vocabulary = categories.vocabulary;
        }

        /// @return from 1, its place in the vocabulary; 0 = unknown
        public int of(String seriesId) {
            Matcher matcher = pattern.matcher(seriesId);
            return matcher.find() ? Math.max(0, Collections.binarySearch(vocabulary, category(matcher)) + 1) : 0;
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
