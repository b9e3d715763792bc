package io.gatecast.streams.query;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Phase;
import io.gatecast.avro.Scope;
import io.gatecast.series.Forecast;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What has lately gone out, of all series whoever holds them: the last anomalies, each series' standing, what was
/// forecast of the steps that came since. Bounded, whatever comes: of series never looked at, what was forecast goes first.
/// Safe for threads.
public final class Lately {
    private static final int MOST_TURNS = 5_000;
    private static final int MOST_STANDINGS = 200_000;
    private static final int MOST_PASTS = 5_000;
    private static final int PAST_STEPS = 192;
    private static final int MOST_WINDOWS = 200;

    private final Deque<Turn> turns = new ArrayDeque<>();
    private final Map<String, Standing> standings = new HashMap<>();
    private final Map<String, Deque<Said>> pasts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Said>> eldest) {
            return size() > MOST_PASTS;
        }
    };
    private final Map<String, TreeMap<Long, Errors>> errors = new TreeMap<>();
    private long forecasts;
    private long opened;

    /// A turn of an episode.
    public record Turn(String seriesId, Anomaly anomaly) {}

    /// What was forecast of one step of a series' first channel, one step before.
    ///
    /// @param time    of the step, milliseconds since the epoch
    /// @param values  a quantile each
    /// @param version of the model
    public record Said(long time, float[] values, int version) {}

    /// How a series stands.
    ///
    /// @param episode    its newest turn, while one is open; null = none is
    /// @param evaluation the newest; null = none yet
    /// @param time       of the newest step that was seen, milliseconds since the epoch; 0 = none
    /// @param version    of the model that forecast last; 0 = none
    public record Standing(String seriesId, @Nullable Anomaly episode, @Nullable Evaluation evaluation, long time,
            int version) {

        /// Grave episodes first, then large errors.
        static final Comparator<Standing> ATTENTION = Comparator
                .comparingInt((Standing s) -> s.episode == null ? -1 : s.episode.getSeverity().ordinal())
                .thenComparingDouble(s -> s.episode == null ? 0 : s.episode.getScore())
                .thenComparingDouble(Standing::error).reversed().thenComparing(Standing::seriesId);

        static final Comparator<Standing> ERROR = Comparator.comparingDouble(Standing::error).reversed()
                .thenComparing(Standing::seriesId);

        /// @return MASE of its last window; -1 where it is not known
        double error() {
            return evaluation == null || evaluation.getMase() == null ? -1 : evaluation.getMase();
        }
    }

    /// In which order series are told.
    public enum Order {
        ATTENTION, ERROR
    }

    /// Sums over the evaluations of one model that end at about the same time.
    private static final class Errors {
        double mase;
        double coverage;
        double lastValueSkill;
        int count;
        int covered;
        int compared;
    }

    /// How a model did over all series in windows that ended within one length of each other; null = not known.
    ///
    /// @param end    when the last of them could have, milliseconds since the epoch
    /// @param series evaluations that went into it
    public record Window(long end, int series, @Nullable Double mase, @Nullable Double coverage,
            @Nullable Double skillOverLastValue) {}

    /// Totals.
    ///
    /// @param series   that were seen
    /// @param open     episodes by severity, in small letters
    /// @param mase     mean over the series' newest evaluations; null = not known
    /// @param coverage likewise
    /// @param stated   what coverage should be
    /// @param versions how many series each version of the model forecast last
    public record Totals(int series, long forecasts, long episodes, Map<String, Integer> open, @Nullable Double mase,
            @Nullable Double coverage, @Nullable Double stated, Map<Integer, Integer> versions) {}

    /// Takes note of a forecast.
    public synchronized void take(String seriesId, Forecast forecast) {
        forecasts++;
        Standing before = standings.get(seriesId);
        if (before == null && standings.size() >= MOST_STANDINGS) {
            return;
        }
        standings.put(seriesId, new Standing(seriesId, before == null ? null : before.episode,
                before == null ? null : before.evaluation, forecast.origin(), forecast.modelVersion()));
        Deque<Said> past = pasts.computeIfAbsent(seriesId, unseen -> new ArrayDeque<>());
        float[] next = new float[forecast.quantiles().length];
        for (int q = 0; q < next.length; q++) {
            next[q] = forecast.at(1, 0, q);
        }
        past.addLast(new Said(forecast.timeOf(1), next, forecast.modelVersion()));
        if (past.size() > PAST_STEPS) {
            past.removeFirst();
        }
    }

    /// Takes note of a turn of an episode.
    public synchronized void take(String seriesId, Anomaly anomaly) {
        opened += anomaly.getPhase() == Phase.OPENED ? 1 : 0;
        turns.addLast(new Turn(seriesId, anomaly));
        if (turns.size() > MOST_TURNS) {
            turns.removeFirst();
        }
        Standing before = standings.get(seriesId);
        Anomaly open = anomaly.getPhase() == Phase.CLOSED ? null : anomaly;
        put(seriesId, new Standing(seriesId, open, before == null ? null : before.evaluation,
                before == null ? 0 : before.time, before == null ? 0 : before.version));
    }

    /// Takes note of an evaluation.
    public synchronized void take(String seriesId, Evaluation evaluation) {
        if (evaluation.getScope() != Scope.SERIES || evaluation.getHorizon() != 1) {
            return; // sums of the fleet, and steps further ahead, are not what series are ranked by
        }
        Standing before = standings.get(seriesId);
        put(seriesId, new Standing(seriesId, before == null ? null : before.episode, evaluation,
                before == null ? 0 : before.time, before == null ? 0 : before.version));
        TreeMap<Long, Errors> windows = errors.computeIfAbsent(
                evaluation.getModelId() + "/" + evaluation.getModelVersion(), unseen -> new TreeMap<>());
        long end = evaluation.getWindowEnd().toEpochMilli();
        long length = Math.max(1, end - evaluation.getWindowStart().toEpochMilli());
        // Each series has windows of its own, as it began and paused: those that end within one length go together.
        Errors sums = windows.computeIfAbsent(Math.ceilDiv(end, length) * length, unseen -> new Errors());
        Double mase = evaluation.getMase(), coverage = evaluation.getCoverage(),
                skill = evaluation.getSkillOverLastValue();
        if (mase != null) {
            sums.mase += mase;
            sums.count++;
        }
        if (coverage != null) {
            sums.coverage += coverage;
            sums.covered++;
        }
        if (skill != null) {
            sums.lastValueSkill += skill;
            sums.compared++;
        }
        if (windows.size() > MOST_WINDOWS) {
            windows.pollFirstEntry();
        }
    }

    private void put(String seriesId, Standing standing) {
        if (standings.containsKey(seriesId) || standings.size() < MOST_STANDINGS) {
            standings.put(seriesId, standing);
        }
    }

    /// @param since event time, milliseconds since the epoch; only turns at or after it
    /// @param most  the newest so many
    /// @return oldest first
    public synchronized List<Turn> anomalies(long since, int most) {
        List<Turn> found = new ArrayList<>();
        var newestFirst = turns.descendingIterator();
        while (newestFirst.hasNext() && found.size() < most) {
            Turn turn = newestFirst.next();
            if (turn.anomaly.getTimestamp().toEpochMilli() >= since) {
                found.addFirst(turn);
            }
        }
        return found;
    }

    /// @return turns of one series' episodes, oldest first
    public synchronized List<Turn> anomaliesOf(String seriesId) {
        return turns.stream().filter(turn -> turn.seriesId.equals(seriesId)).toList();
    }

    /// @return what was forecast of its last steps, oldest first
    public synchronized List<Said> pastOf(String seriesId) {
        Deque<Said> past = pasts.get(seriesId);
        return past == null ? List.of() : List.copyOf(past);
    }

    /// @return null where nothing was seen of it
    public synchronized @Nullable Standing standing(String seriesId) {
        return standings.get(seriesId);
    }

    /// @param part  only ids that have this in them, in letters of either case; empty = all
    /// @param from  how many to pass over
    /// @param most  how many to tell
    public List<Standing> ranked(Order order, String part, int from, int most) {
        String wanted = part.toLowerCase(Locale.ROOT);
        List<Standing> all;
        synchronized (this) { // sorted outside, so that what comes meanwhile does not wait
            all = List.copyOf(standings.values());
        }
        return all.stream()
                .filter(standing -> standing.seriesId.toLowerCase(Locale.ROOT).contains(wanted))
                .sorted(order == Order.ERROR ? Standing.ERROR : Standing.ATTENTION).skip(from).limit(most).toList();
    }

    /// @return windows of each model, by `modelId/version`, oldest first
    public synchronized Map<String, List<Window>> windows() {
        Map<String, List<Window>> told = new TreeMap<>();
        errors.forEach((model, windows) -> {
            List<Window> list = new ArrayList<>();
            windows.forEach((end, sums) -> list.add(new Window(end, Math.max(sums.count, sums.covered),
                    mean(sums.mase, sums.count), mean(sums.coverage, sums.covered),
                    mean(sums.lastValueSkill, sums.compared))));
            told.put(model, list);
        });
        return told;
    }

    private static @Nullable Double mean(double sum, int count) {
        return count == 0 ? null : sum / count;
    }

    public synchronized Totals totals() {
        Map<String, Integer> open = new TreeMap<>();
        Map<Integer, Integer> versions = new TreeMap<>();
        double mase = 0, coverage = 0, stated = 0;
        int judged = 0, covered = 0;
        for (Standing standing : standings.values()) {
            if (standing.episode != null) {
                open.merge(standing.episode.getSeverity().name().toLowerCase(Locale.ROOT), 1, Integer::sum);
            }
            if (standing.version > 0) {
                versions.merge(standing.version, 1, Integer::sum);
            }
            Evaluation evaluation = standing.evaluation;
            if (standing.error() >= 0) {
                mase += standing.error();
                judged++;
            }
            if (evaluation != null && evaluation.getCoverage() != null && evaluation.getStatedCoverage() != null) {
                coverage += evaluation.getCoverage();
                stated += evaluation.getStatedCoverage();
                covered++;
            }
        }
        return new Totals(standings.size(), forecasts, opened, open, mean(mase, judged), mean(coverage, covered),
                mean(stated, covered), versions);
    }
}
