package io.gatecast.training;

import io.gatecast.series.FeatureSpec;
import io.gatecast.training.data.Series;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Season lengths, found by autocorrelation: a series that repeats itself every p steps is, freed of its trend, like itself
/// p steps before. The trend is the centred moving average over p, as in the classical decomposition: it holds no part
/// of a season of p steps, and a random walk less its own has no memory left over p steps.
public final class Seasonality {
    private static final int MOST_STEPS = 10_000;
    private static final int LONGEST = 2_500;
    private static final int SERIES = 20;
    private static final int CYCLES = 3;
    /// Least correlation of a season that was seen often; one seen only a few times must be clearer, as chance repeats
    /// itself so often, too, if seldom in several series at once.
    private static final double CLEAR = 0.25;
    private static final double CLEARER = 2;
    /// Of lengths about as clear as the clearest, the shortest is the season and the others are its multiples.
    private static final double AS_CLEAR = 0.7;
    private static final double JUST_AS_CLEAR = 0.9;
    private static final double BROAD = 1.5;
    private static final double ROUNDING = 1e-12;

    private Seasonality() {}

    /// @param interval length of a step
    /// @return at most two lengths in steps, rising, the second a multiple of the first; empty where nothing repeats
    public static List<Integer> of(List<Series> series, Duration interval) {
        List<double[]> lines = lines(series, interval.toMillis());
        OptionalInt first = season(lines, AS_CLEAR, length -> true);
        if (first.isEmpty()) {
            return List.of();
        }
        int day = first.getAsInt();
        List<double[]> rest = lines.stream().map(line -> without(line, day)).toList();
        OptionalInt second = season(rest, JUST_AS_CLEAR, length -> length > day && length % day == 0);
        return second.isEmpty() ? List.of(day) : List.of(day, second.getAsInt());
    }

    /// @return the last steps of some of the channels without a break, gaps bridged
    private static List<double[]> lines(List<Series> series, long interval) {
        int apart = Math.ceilDiv(series.size(), SERIES);
        return IntStream.range(0, series.size()).filter(i -> i % apart == 0).mapToObj(series::get)
                .flatMap(each -> channels(each, interval)).map(Seasonality::bridged).filter(line -> line.length > 0)
                .toList();
    }

    private static Stream<float[]> channels(Series series, long interval) {
        List<Tracks.Run> runs = new Tracks(FeatureSpec.of(interval, series.channels(), List.of(), 1)).of(series);
        return runs.stream().max(Comparator.comparingInt(Tracks.Run::length)).stream()
                .flatMap(run -> Stream.of(run.values()))
                .map(line -> Arrays.copyOfRange(line, Math.max(0, line.length - MOST_STEPS), line.length));
    }

    /// @return less its mean, with straight lines in place of missing values; empty if half of them are missing, or all are the same
    private static double[] bridged(float[] line) {
        int[] known = IntStream.range(0, line.length).filter(t -> !Float.isNaN(line[t])).toArray();
        if (known.length * 2 <= line.length || Arrays.stream(known).allMatch(t -> line[t] == line[known[0]])) {
            return new double[0];
        }
        double[] whole = new double[known[known.length - 1] - known[0] + 1];
        for (int k = 0; k + 1 < known.length; k++) {
            int from = known[k], to = known[k + 1];
            for (int t = from; t <= to; t++) {
                double share = (t - from) / (double) (to - from);
                whole[t - known[0]] = line[from] * (1 - share) + line[to] * share;
            }
        }
        return centred(whole);
    }

    private static OptionalInt season(List<double[]> lines, double asClear, IntPredicate allowed) {
        double[] correlations = correlations(lines);
        int[] peaks = IntStream.range(2, correlations.length - 1)
                .filter(p -> allowed.test(p) && isPeak(correlations, p)).toArray();
        double clearest = Arrays.stream(peaks).mapToDouble(p -> correlations[p]).max().orElse(0);
        OptionalInt first = Arrays.stream(peaks).filter(p -> correlations[p] >= asClear * clearest).findFirst();
        // A broad peak has small ones on its slope, by noise.
        return first.isEmpty()
                ? first
                : Arrays.stream(peaks)
                        .filter(p -> p >= first.getAsInt() && p < BROAD * first.getAsInt()).boxed()
                        .max(Comparator.comparingDouble(p -> correlations[p])).stream().mapToInt(p -> p).findFirst();
    }

    private static boolean isPeak(double[] correlations, int p) {
        return correlations[p] > 0 && correlations[p] > correlations[p - 1] && correlations[p] >= correlations[p + 1];
    }

    /// @return by season length, the mean over the series that are long enough for it; 0 where it is not clear, or most
    ///         series are too short
    private static double[] correlations(List<double[]> lines) {
        int longest = Math.min(LONGEST, lines.stream().mapToInt(line -> line.length / CYCLES).max().orElse(0));
        return IntStream.rangeClosed(0, longest + 1).parallel().mapToDouble(p -> p < 2 ? 0 : clear(lines, p))
                .toArray();
    }

    private static double clear(List<double[]> lines, int p) {
        List<double[]> enough = lines.stream().filter(line -> line.length >= CYCLES * p).toList();
        if (enough.isEmpty() || enough.size() * 2 < lines.size()) {
            return 0;
        }
        double mean = enough.stream().mapToDouble(line -> correlation(line, p)).average().orElseThrow();
        double length = enough.stream().mapToInt(line -> line.length).average().orElseThrow();
        return mean >= CLEAR + CLEARER * p / length / Math.sqrt(enough.size()) ? mean : 0;
    }

    /// @return of the line less its moving average over p, with itself p steps before; 0 if nothing but rounding is left
    private static double correlation(double[] line, int p) {
        double[] free = centred(withoutTrend(line, p));
        double together = 0, before = 0, after = 0;
        for (int t = p; t < free.length; t++) {
            together += free[t] * free[t - p];
            before += free[t - p] * free[t - p];
            after += free[t] * free[t];
        }
        double spread = Math.sqrt(before * after);
        return spread > ROUNDING * Arrays.stream(line).map(value -> value * value).sum() ? together / spread : 0;
    }

    private static double[] centred(double[] line) {
        double mean = Arrays.stream(line).average().orElse(0);
        return Arrays.stream(line).map(value -> value - mean).toArray();
    }

    /// A window of an even number of steps has half a step more at either end, so that it has a middle.
    private static double[] withoutTrend(double[] line, int p) {
        int half = p / 2;
        double[] free = new double[line.length - 2 * half];
        double sum = IntStream.range(0, 2 * half + 1).mapToDouble(t -> line[t]).sum();
        for (int t = 0; t < free.length; t++) {
            double ends = p % 2 == 0 ? (line[t] + line[t + 2 * half]) / 2 : 0;
            free[t] = line[t + half] - (sum - ends) / p;
            if (t + 1 < free.length) {
                sum += line[t + 2 * half + 1] - line[t];
            }
        }
        return free;
    }

    /// @return the line less the mean of each place within the season
    private static double[] without(double[] line, int season) {
        double[] sums = new double[season];
        int[] counts = new int[season];
        for (int t = 0; t < line.length; t++) {
            sums[t % season] += line[t];
            counts[t % season]++;
        }
        return IntStream.range(0, line.length).mapToDouble(t -> line[t] - sums[t % season] / counts[t % season])
                .toArray();
    }
}
