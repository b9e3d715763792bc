package io.gatecast.streams;

import io.gatecast.avro.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who judged and judges under one model id, as a function of event time alone. Of all decisions on a version that count
/// at a time the last one has the word, and of several versions in one state the one that was given it last: so a retired
/// champion gives way to the one before, and what is decided later overrides what was decided earlier for a later time.
/// Immutable.
final class Lineage {
    static final Lineage NONE = new Lineage(List.of());

    private final List<Epoch> newestFirst;

    private Lineage(List<Epoch> newestFirst) {
        this.newestFirst = List.copyOf(newestFirst);
    }

    /// A decision on a version.
    ///
    /// @param sequence orders decisions
    /// @param share    of the series, for a canary
    /// @param from     event time from which it counts, milliseconds since the epoch
    record Decision(long sequence, ModelVersion model, State state, double share, long from) {}

    /// Who judges from an event time on.
    ///
    /// @param canary judges its share of the series in the champion's place
    /// @param shadow judges beside the others, and is only evaluated
    record Epoch(long from, @Nullable ModelVersion champion, @Nullable ModelVersion canary, double share,
            @Nullable ModelVersion shadow) {

        Stream<ModelVersion> all() {
            return Stream.of(champion, canary, shadow).flatMap(Stream::ofNullable);
        }
    }

    static Lineage of(Collection<Decision> decisions) {
        List<Decision> byTime = decisions.stream().sorted(Comparator.comparingLong(Decision::from)).toList();
        Map<Integer, Decision> words = new HashMap<>();
        List<Epoch> epochs = new ArrayList<>();
        for (int i = 0; i < byTime.size(); i++) {
            Decision decision = byTime.get(i);
            words.merge(decision.model.version(), decision,
                    (one, other) -> one.sequence > other.sequence ? one : other);
            if (i + 1 == byTime.size() || byTime.get(i + 1).from > decision.from) {
                epochs.add(epoch(decision.from, words.values()));
            }
        }
        return new Lineage(epochs.reversed());
    }

    private static Epoch epoch(long from, Collection<Decision> words) {
        Decision champion = last(words, State.CHAMPION), canary = last(words, State.CANARY);
        Decision shadow = last(words, State.SHADOW);
        return new Epoch(from, champion == null ? null : champion.model, canary == null ? null : canary.model,
                canary == null ? 0 : canary.share, shadow == null ? null : shadow.model);
    }

    private static @Nullable Decision last(Collection<Decision> words, State state) {
        return words.stream().filter(word -> word.state == state).max(Comparator.comparingLong(Decision::sequence))
                .orElse(null);
    }

    /// @param timestamp event time, milliseconds since the epoch
    /// @return null before the first decision counts
    @Nullable
    Epoch at(long timestamp) {
        for (Epoch epoch : newestFirst) {
            if (epoch.from <= timestamp) {
                return epoch;
            }
        }
        return null;
    }

    /// @param timestamp newest event time; [Long#MAX_VALUE] where nothing has been judged yet
    /// @return versions of use then or next: those of that time and of what comes after it, or, before anything is judged, of
    ///         what was decided last and before that
    Set<ModelVersion> around(long timestamp) {
        int now = 0;
        while (now < newestFirst.size() && newestFirst.get(now).from > timestamp) {
            now++;
        }
        int from = timestamp == Long.MAX_VALUE ? 0 : Math.max(0, now - 1);
        int to = timestamp == Long.MAX_VALUE ? 1 : now;
        Set<ModelVersion> around = new HashSet<>();
        for (int i = from; i <= to && i < newestFirst.size(); i++) {
            newestFirst.get(i).all().forEach(around::add);
        }
        return around;
    }

    /// @return who judges a series; null where nobody does
    @Nullable
    ModelVersion judge(String seriesId, long timestamp) {
        Epoch epoch = at(timestamp);
        if (epoch == null) {
            return null;
        }
        return epoch.canary != null && Canary.includes(seriesId, epoch.share) ? epoch.canary : epoch.champion;
    }
}
