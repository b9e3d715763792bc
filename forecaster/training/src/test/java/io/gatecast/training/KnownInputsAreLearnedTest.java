package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import io.gatecast.series.Model;
import io.gatecast.series.input.Calendar;
import io.gatecast.series.input.Categories;
import io.gatecast.series.input.KnownInputs;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import io.gatecast.training.TrainingPlan.Optimiser;
import io.gatecast.training.TrainingPlan.Sampling;
import io.gatecast.training.backtest.Backtest;
import io.gatecast.training.backtest.BacktestPlan;
import io.gatecast.training.backtest.BacktestPlan.Judged;
import io.gatecast.training.data.Series;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a network is told beside the values is worth something: with it, small networks forecast later data better than
/// without it, by the stated share of the error.
class KnownInputsAreLearnedTest {
    private static final List<Double> LEVELS = List.of(0.1, 0.5, 0.9);
    private static final int YEAR = 365;
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Model train(FeatureSpec spec, List<Series> series, int stretch, int epochs) {
        Architecture architecture = spec.architecture(List.of(new RecurrentLayer(CellKind.LSTM, 16)), LEVELS);
        TrainingPlan plan = new TrainingPlan(spec, architecture, new Sampling(stretch, stretch, 16), Dropout.NONE,
                new Optimiser(1e-2, 1, 0), 0, 0.1, Limits.epochs(epochs), 1, 2);
        return Trainer.train(plan, series, (update, done, loss) -> {}).model("m", 1, 0);
    }

    /// @return mean absolute error of the medians over the last steps of each series, in units of the change from step to step
    private static double error(Model model, List<Series> series, int last) {
        BacktestPlan plan = new BacktestPlan(new Judged.Last(last), OptionalLong.empty(), 1,
                1, List.of(), OptionalLong.empty(), 0);
        return Backtest.run(model, series, plan, () -> {}).metrics(0).mase();
    }

    private static void assertBetter(double share, double with, double without) {
        assertTrue(with <= share * without, "with " + with + ", without " + without);
    }

    /// Days of shops that are closed on Sundays and on the holidays of Germany, which are fixed or lie about Easter.
    private static List<Series> shops(int count) {
        LocalDate from = LocalDate.of(2021, 1, 1);
        List<LocalDate> easter = Stream.of("2021-04-04", "2022-04-17", "2023-04-09", "2024-03-31", "2025-04-20")
                .map(LocalDate::parse).toList();
        Set<LocalDate> closed = new HashSet<>();
        for (LocalDate sunday : easter) {
            IntStream.of(-2, 1, 39, 50).forEach(after -> closed.add(sunday.plusDays(after)));
            for (String fixed : List.of("01-01", "05-01", "10-03", "12-25", "12-26")) {
                closed.add(LocalDate.parse(sunday.getYear() + "-" + fixed));
            }
        }
        SplittableRandom random = new SplittableRandom(5);
        List<Series> shops = new ArrayList<>();
        for (int shop = 0; shop < count; shop++) {
            double size = 50 + 100 * random.nextDouble();
            long[] timestamps = new long[5 * YEAR];
            double[][] values = new double[1][timestamps.length];
            for (int t = 0; t < timestamps.length; t++) {
                LocalDate day = from.plusDays(t);
                timestamps[t] = day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
                boolean open = day.getDayOfWeek() != DayOfWeek.SUNDAY && !closed.contains(day);
                values[0][t] = (open ? size : 0.1 * size) * (1 + 0.02 * random.nextGaussian());
            }
            shops.add(new Series("shop" + shop, timestamps, values));
        }
        return shops;
    }

    @Test
    void holidaysAhead() {
        List<Series> shops = shops(4);
        FeatureSpec plain = new FeatureSpec(Duration.ofDays(1).toMillis(), 1, List.of(7), 7, 7, 28, 14);
        FeatureSpec told = plain.withKnown(KnownInputs.NONE
                .withCalendar(Calendar.of(ZoneOffset.UTC, "de", plain.intervalMillis(), plain.horizon())));
        List<Series> learned = shops.stream().map(each -> each.between(0, each.timestamps()[4 * YEAR])).toList();
        double without = error(train(plain, learned, 100, 160), shops, YEAR);
        double with = error(train(told, learned, 100, 160), shops, YEAR);
        assertBetter(0.9, with, without);
    }

    /// It moves the value that comes a step later.
    @Test
    void aCovariateThatDrives() {
        SplittableRandom random = new SplittableRandom(7);
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int length = 600;
            long[] timestamps = new long[length];
            double[][] values = new double[1][length], covariates = new double[1][length];
            for (int t = 0; t < length; t++) {
                timestamps[t] = t * 3_600_000L;
                covariates[0][t] = random.nextInt(3) == 0 ? 30 + 5 * random.nextGaussian() : 20;
            }
            for (int t = 0; t < length; t++) {
                double driven = t == 0 ? 0 : 3 * (covariates[0][t - 1] - 20);
                values[0][t] = 100 + driven + random.nextGaussian();
            }
            series.add(new Series("s" + i, timestamps, values, covariates));
        }
        FeatureSpec plain = new FeatureSpec(3_600_000, 1, List.of(), 1, 4, 32, 10);
        FeatureSpec told = plain
                .withKnown(KnownInputs.NONE.withCovariates(CovariateUnits.of(List.of("heat"), series)));
        List<Series> learned = series.stream().map(each -> each.between(0, each.timestamps()[450])).toList();
        assertBetter(0.5, error(train(told, learned, 100, 60), series, 150),
                error(train(plain, learned, 100, 60), series, 150));
    }

    /// A course of the day that lies lower at weekends, by local clocks, and histories of six days, so that no week can be
    /// read off the values.
    @Test
    void clocksAndWeekdaysOfShortHistories() {
        SplittableRandom random = new SplittableRandom(9);
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int length = 144;
            Instant start = Instant.parse("2026-01-05T00:00:00Z").plus(Duration.ofHours(random.nextInt(24 * 120)));
            long[] timestamps = new long[length];
            double[][] values = new double[1][length];
            for (int t = 0; t < length; t++) {
                Instant time = start.plus(Duration.ofHours(t));
                ZonedDateTime there = time.atZone(BERLIN);
                double course = Math.sin(2 * Math.PI * (there.getHour() - 8) / 24);
                double weekend = there.getDayOfWeek().getValue() < 6 ? 0 : 40;
                timestamps[t] = time.toEpochMilli();
                values[0][t] = 100 + 20 * course - weekend + random.nextGaussian();
            }
            series.add(new Series("s" + i, timestamps, values));
        }
        FeatureSpec plain = new FeatureSpec(3_600_000, 1, List.of(24), 12, 4, 48, 10);
        FeatureSpec told = plain.withKnown(
                KnownInputs.NONE.withCalendar(Calendar.of(BERLIN, null, plain.intervalMillis(), plain.horizon())));
        List<Series> learned = series.subList(0, 30), later = series.subList(30, 40);
        assertBetter(0.9, error(train(told, learned, 100, 200), later, 72),
                error(train(plain, learned, 100, 200), later, 72));
    }

    /// At eight in the morning each site begins its own kind of day, and of a new sensor nothing but a night is known: only
    /// its site can tell what comes.
    @Test
    void categoriesOfNewSeries() {
        List<Series> learned = mornings(240, 11), young = mornings(30, 12);
        FeatureSpec plain = new FeatureSpec(3_600_000, 1, List.of(), 6, 4, 32, 10).withKnown(KnownInputs.NONE
                .withCalendar(Calendar.of(ZoneOffset.UTC, null, 3_600_000, 6)));
        FeatureSpec told = plain.withKnown(plain.known().withCategories(
                Categories.of("^[^/]+", learned.stream().map(Series::id).toList(), OptionalInt.empty())));
        Model with = train(told, learned, 20, 100);
        double known = error(with, young, 17);
        assertBetter(0.8, known, error(train(plain, learned, 20, 100), young, 17));
        List<Series> strangers = young.stream()
                .map(each -> new Series("new-" + each.id(), each.timestamps(), each.values())).toList();
        assertBetter(0.8, known, error(with, strangers, 17)); // it is the category that helps
    }

    private static List<Series> mornings(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int site = i % 6;
            double night = 50 + 50 * random.nextDouble(), day = night * (0.5 + 0.2 * site);
            long[] timestamps = new long[20];
            double[][] values = new double[1][timestamps.length];
            for (int t = 0; t < timestamps.length; t++) {
                timestamps[t] = t * 3_600_000L;
                values[0][t] = (t < 8 ? night : day) * (1 + 0.1 * random.nextGaussian());
            }
            series.add(new Series("site" + site + "/" + i, timestamps, values));
        }
        return series;
    }
}
