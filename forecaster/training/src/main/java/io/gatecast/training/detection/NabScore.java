package io.gatecast.training.detection;

import io.gatecast.training.detection.Labelled.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The score of the Numenta Anomaly Benchmark (Lavin & Ahmad 2015, arXiv:1510.03336). Of the alarms in a window the earliest
/// counts, the more the earlier it is; a window without one is missed; every alarm outside is false, and costs the less the
/// sooner after a window it comes:
///
///     σ(y) = 2 / (1 + e^5y) - 1          y = -1 at the window's first row, 0 just behind its last
///     raw  = Σ_windows A_tp σ(y) / σ(-1)  or  -A_fn  +  Σ_false A_fp σ(y)
///
/// and 100 (raw - nothing) / (perfect - nothing), where nothing is the score of a detector that never alarms.
public final class NabScore {
    private static final double STEEPNESS = 5;
    private static final double FAR = 3; // window lengths beyond which a false alarm costs all that it can

    private NabScore() {}

    /// What a user minds most.
    ///
    public enum Profile {
        STANDARD(1, 1, 0.11), REWARD_LOW_FP_RATE(1, 1, 0.22), REWARD_LOW_FN_RATE(1, 2, 0.11);

        private final double hit;
        private final double miss;
        private final double fault;

        Profile(double hit, double miss, double fault) {
            this.hit = hit;
            this.miss = miss;
            this.fault = fault;
        }
    }

    /// A detector's score at one threshold.
    ///
    /// @param score     100 = perfect, 0 = as good as no detector
    /// @param raw       before it is scaled
    /// @param threshold least score of an alarm that counts
    /// @param missed    windows without an alarm
    /// @param faults    alarms outside every window
    public record Result(double score, double raw, double threshold, int missed, int faults) {}

    /// An alarm.
    ///
    /// @param score  how sure it is
    /// @param window number of the window that it falls into, among all; -1 = none
    /// @param worth  σ at its place
    private record Alarm(double score, int window, double worth) {}

    /// @param threshold the same for all series
    /// @throws IllegalArgumentException if there is no window at all
    public static Result at(List<Alarms> detected, Profile profile, double threshold) {
        List<Result> results = sweep(detected, profile, threshold);
        return results.getLast();
    }

    /// @return the result at the threshold that is best for all series together
    public static Result best(List<Alarms> detected, Profile profile) {
        return sweep(detected, profile, Double.MIN_VALUE).stream().max(Comparator.comparingDouble(Result::score))
                .orElseThrow();
    }

    /// @return results from the highest threshold down to `least`; the first is that of no alarm at all
    private static List<Result> sweep(List<Alarms> detected, Profile profile, double least) {
        List<Alarm> alarms = new ArrayList<>();
        int windows = 0;
        for (Alarms each : detected) {
            collect(each, windows, least, alarms);
            windows += each.of().windows().size();
        }
        if (windows == 0) {
            throw new IllegalArgumentException("labels: expected at least one window, found none");
        }
        alarms.sort(Comparator.comparingDouble(Alarm::score).reversed());
        double[] found = new double[windows];
        Arrays.fill(found, Double.NEGATIVE_INFINITY);
        List<Result> results = new ArrayList<>();
        double raw = -profile.miss * windows;
        int missed = windows, faults = 0;
        results.add(result(raw, Double.POSITIVE_INFINITY, missed, faults, windows, profile));
        for (int i = 0; i < alarms.size(); i++) {
            Alarm alarm = alarms.get(i);
            if (alarm.window < 0) {
                raw += profile.fault * alarm.worth;
                faults++;
            } else if (found[alarm.window] == Double.NEGATIVE_INFINITY) {
                raw += profile.miss + profile.hit * alarm.worth;
                found[alarm.window] = alarm.worth;
                missed--;
            } else if (alarm.worth > found[alarm.window]) {
                raw += profile.hit * (alarm.worth - found[alarm.window]);
                found[alarm.window] = alarm.worth;
            }
            if (i + 1 == alarms.size() || alarms.get(i + 1).score < alarm.score) {
                results.add(result(raw, alarm.score, missed, faults, windows, profile));
            }
        }
        return results;
    }

    private static Result result(double raw, double threshold, int missed, int faults, int windows, Profile profile) {
        double nothing = -profile.miss * windows;
        return new Result(100 * (raw - nothing) / (profile.hit * windows - nothing), raw, threshold, missed, faults);
    }

    private static void collect(Alarms detected, int before, double least, List<Alarm> into) {
        for (int row = detected.of().probation(); row < detected.scores().length; row++) {
            double score = detected.scores()[row];
            if (score >= least) {
                int window = detected.window(row);
                into.add(window < 0
                        ? new Alarm(score, -1, outside(detected.of().windows(), row))
                        : new Alarm(score, before + window, inside(detected.of().windows().get(window), row)));
            }
        }
    }

    private static double inside(Window window, int row) {
        double length = window.last() - window.first() + 1;
        return sigmoid(-(window.last() - row + 1) / length) / sigmoid(-1);
    }

    private static double outside(List<Window> windows, int row) {
        Window before = null;
        for (Window window : windows) {
            if (window.last() < row) {
                before = window;
            }
        }
        if (before == null) {
            return -1;
        }
        double past = (double) (row - before.last()) / Math.max(1, before.last() - before.first());
        return past > FAR ? -1 : sigmoid(past);
    }

    private static double sigmoid(double y) {
        return 2 / (1 + Math.exp(STEEPNESS * y)) - 1;
    }
}
