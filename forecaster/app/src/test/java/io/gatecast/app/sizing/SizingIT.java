package io.gatecast.app.sizing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.app.sizing.MeasuredRun.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Holds what is reckoned against two measured runs, of which the second has twice the units, steps ahead and season: no more
/// than a quarter may lie between.
///
///     mvn verify -Psizing                       with the coefficients that are stored
///     mvn verify -Psizing -Dsizing.store=true   measures them anew by the first run, stores them, and reckons the second
///
/// Processor time is that of this machine: where it is another, measure anew.
@EnabledIfSystemProperty(named = "sizing.keys", matches = "[0-9]+")
final class SizingIT {
    private static final Path STORED = Path.of("src/main/resources/sizing/coefficients.properties");
    private static final int QUANTILES = 5;
    private static final double WITHIN = 0.25;

    @Test
    void whatIsReckonedIsWhatIsMeasured(@TempDir Path one, @TempDir Path other) throws Exception {
        int keys = Integer.getInteger("sizing.keys", 0);
        Setting first = new Setting(keys, 150, 200, 32, 12, 24), second = new Setting(keys, 150, 200, 64, 24, 48);
        MeasuredRun measured = MeasuredRun.of(first, one);
        Coefficients coefficients = Coefficients.measured();
        if (Boolean.getBoolean("sizing.store")) {
            coefficients = store(first, measured);
        }
        List<String> wrong = new ArrayList<>();
        hold(first, measured, coefficients, wrong);
        hold(second, MeasuredRun.of(second, other), coefficients, wrong);
        assertEquals(List.of(), wrong, "measure anew: mvn verify -Psizing -Dsizing.store=true");
    }

    /// By the stored keys, so that a line of the file is what it was measured as.
    private static Coefficients store(Setting setting, MeasuredRun measured) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("event.core.seconds", number("%.3e", measured.eventSeconds()));
        values.put("event.units", Integer.toString(setting.hidden()));
        values.put("state.bytes", number("%.0f", measured.stateBytes()));
        values.put("state.units", Integer.toString(setting.hidden()));
        values.put("state.season", Integer.toString(setting.season()));
        values.put("changelog.ratio", number("%.3f", measured.changelogBytes() / measured.stateBytes()));
        values.put("disk.ratio", number("%.3f", measured.diskBytes() / measured.stateBytes()));
        values.put("restore.core.seconds", number("%.3e", measured.restoreSeconds()));
        values.put("observation.bytes", number("%.0f", measured.observationBytes()));
        values.put("forecast.ratio",
                number("%.3f", measured.forecastBytes() / (Float.BYTES * setting.horizon() * QUANTILES)));
        String text = Files.readString(STORED).replaceFirst("by SizingIT, [0-9-]+",
                "by SizingIT, " + LocalDate.now(ZoneOffset.UTC));
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replaceFirst("(?m)^" + value.getKey().replace(".", "\\.") + "=.*$",
                    value.getKey() + "=" + value.getValue());
        }
        Files.writeString(STORED, text);
        return Coefficients.read(Files.newInputStream(STORED));
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static void hold(Setting setting, MeasuredRun measured, Coefficients coefficients, List<String> wrong) {
        Sizing sizing = Sizing.of(new Load(setting.keys(), 1, setting.hidden(), 1, setting.horizon(), QUANTILES,
                setting.season(), Duration.ofDays(1), 1, 0), coefficients);
        double events = sizing.observationsPerSecond();
        System.out.printf("Sizing, LSTM of %d units, %d steps ahead, season %d; %,d observations%n", setting.hidden(),
                setting.horizon(), setting.season(), setting.keys() * setting.steps());
        System.out.printf("  %-40s %12s %12s%n", "", "reckoned", "measured");
        Map<String, double[]> pairs = new LinkedHashMap<>();
        pairs.put("a state, bytes", new double[]{sizing.stateBytes(), measured.stateBytes()});
        pairs.put("changelog, bytes an observation",
                new double[]{sizing.changelogTraffic() / events, measured.changelogBytes()});
        pairs.put("forecasts, bytes an observation",
                new double[]{sizing.outputTraffic() / events, measured.forecastBytes()});
        pairs.put("observations, bytes of one",
                new double[]{coefficients.observationBytes(), measured.observationBytes()});
        pairs.put("RocksDB, bytes a key",
                new double[]{sizing.stateBytes() * coefficients.diskRatio(), measured.diskBytes()});
        pairs.put("processor time, µs an observation", new double[]{sizing.coreSeconds() * 1e6,
                measured.eventSeconds() * 1e6});
        pairs.put("restore, µs a state",
                new double[]{coefficients.restoreSeconds() * 1e6, measured.restoreSeconds() * 1e6});
        pairs.forEach((what, pair) -> {
            double off = pair[0] / pair[1] - 1;
            System.out.printf("  %-40s %,12.1f %,12.1f  %+4.0f %%%n", what, pair[0], pair[1], 100 * off);
            if (!(Math.abs(off) <= WITHIN)) {
                wrong.add(what + ": reckoned " + pair[0] + ", measured " + pair[1]);
            }
        });
    }
}
