package io.gatecast.streams;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which series go to which model, as a function of event time and the series' id alone. Of several patterns that fit, the
/// one with the most letters before its first `*` wins, then the longer one, then the first by the alphabet. Immutable.
public final class Routes {
    static final Routes NONE = new Routes(List.of());
    private static final char ANYTHING = '*';

    private final List<Epoch> newestFirst;

    private Routes(List<Epoch> newestFirst) {
        this.newestFirst = List.copyOf(newestFirst);
    }

    /// Where the series of a pattern go.
    ///
    /// @param pattern a series id in which `*` stands for anything, nothing included
    public record Route(String pattern, String modelId) {

        int literalPrefix() {
            int wildcard = pattern.indexOf(ANYTHING);
            return wildcard < 0 ? pattern.length() : wildcard;
        }

        /// Greedy, going back to the last `*` only, so that no pattern takes more than the product of the lengths.
        boolean matches(String id) {
            int p = 0, i = 0, star = -1, from = 0;
            while (i < id.length()) {
                if (p < pattern.length() && pattern.charAt(p) == ANYTHING) {
                    star = p++;
                    from = i;
                } else if (p < pattern.length() && pattern.charAt(p) == id.charAt(i)) {
                    p++;
                    i++;
                } else if (star >= 0) {
                    p = star + 1;
                    i = ++from;
                } else {
                    return false;
                }
            }
            while (p < pattern.length() && pattern.charAt(p) == ANYTHING) {
                p++;
            }
            return p == pattern.length();
        }
    }

    private static final Comparator<Route> BEST_FIRST = Comparator.comparingInt(Route::literalPrefix)
            .thenComparingInt(route -> route.pattern.length()).reversed().thenComparing(Route::pattern);

    /// A route that was made, or with no model unmade.
    ///
    /// @param sequence orders decisions
    /// @param modelId  empty where the pattern goes nowhere any more
    /// @param from     event time from which it counts, milliseconds since the epoch
    record Decision(long sequence, String pattern, String modelId, long from) {}

    private record Epoch(long from, List<Route> bestFirst) {}

    static Routes of(Collection<Decision> decisions) {
        List<Decision> byTime = decisions.stream().sorted(Comparator.comparingLong(Decision::from)).toList();
        Map<String, Decision> words = new TreeMap<>();
        List<Epoch> epochs = new ArrayList<>();
        for (int i = 0; i < byTime.size(); i++) {
            Decision decision = byTime.get(i);
            words.merge(decision.pattern, decision, (one, other) -> one.sequence > other.sequence ? one : other);
            if (i + 1 == byTime.size() || byTime.get(i + 1).from > decision.from) {
                epochs.add(new Epoch(decision.from, words.values().stream().filter(word -> !word.modelId.isEmpty())
                        .map(word -> new Route(word.pattern, word.modelId)).sorted(BEST_FIRST).toList()));
            }
        }
        return new Routes(epochs.reversed());
    }

    /// @param timestamp event time, milliseconds since the epoch
    /// @return the routes that count then, the one to be asked first at first
    public List<Route> at(long timestamp) {
        for (Epoch epoch : newestFirst) {
            if (epoch.from <= timestamp) {
                return epoch.bestFirst;
            }
        }
        return List.of();
    }
}
