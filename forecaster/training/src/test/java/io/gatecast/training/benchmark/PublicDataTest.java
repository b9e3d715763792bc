package io.gatecast.training.benchmark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.training.data.Series;
import io.gatecast.training.data.SyntheticFleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of the published shape, with a few numbers.
class PublicDataTest {
    private static final long HOUR = 3_600_000;

    @TempDir
    Path folder;

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void m4IsTheTrainingValuesAndThoseThatWereHeldOut() throws IOException {
        write("m4/Hourly-train.csv", "id,v1,v2,v3\nH1,1,2,3\nH2,4,5,\n");
        write("m4/Hourly-test.csv", "id,v1,v2\nH1,8,9\nH2,6,7\n");
        List<Series> series = new PublicData(folder).m4Hourly();
        assertArrayEquals(new double[]{1, 2, 3, 8, 9}, series.get(0).values()[0]);
        assertArrayEquals(new double[]{4, 5, 6, 7}, series.get(1).values()[0]);
        assertArrayEquals(new long[]{0, HOUR, 2 * HOUR, 3 * HOUR}, series.get(1).timestamps());
        assertArrayEquals(new double[]{4, 5}, PublicData.withoutLast(series, 2).get(1).values()[0]);
        write("m4/Hourly-test.csv", "id,v1,v2\nH1,8,9\n");
        assertEquals("m4/Hourly-test.csv: no row for H2, which m4/Hourly-train.csv has",
                assertThrows(IOException.class, () -> new PublicData(folder).m4Hourly()).getMessage());
    }

    @Test
    void aFileIsAZoneOrAStation() throws IOException {
        write("pjm/DOM.csv", "timestamp,mw\n2014-12-31 23:00:00,5\n2015-01-01 00:00:00,6.5\n");
        write("pjm/AEP.csv", "timestamp,mw\n2014-12-31 23:00:00,7\n");
        List<Series> zones = new PublicData(folder).pjm();
        assertEquals(List.of("AEP", "DOM"), zones.stream().map(Series::id).toList());
        assertArrayEquals(new double[]{5, 6.5}, zones.get(1).values()[0]);
        long newYear = Instant.parse("2015-01-01T00:00:00Z").toEpochMilli();
        assertEquals(newYear, zones.get(1).timestamps()[1]);
        assertArrayEquals(new double[]{5}, PublicData.before(zones, newYear).get(1).values()[0]);
    }

    @Test
    void whatIsMeasuredBesideAColumnOfAStationIsItsCovariates() throws IOException {
        String header = "timestamp,PM2.5,PM10,SO2,NO2,CO,O3,TEMP,PRES,DEWP,RAIN,wd,WSPM,station\n";
        write("beijing/Shunyi.csv", header + "2013-03-01 00:00:00,,1,2,3,4,5,-0.7,6,7,8,NW,2,Shunyi\n"
                + "2013-03-01 01:00:00,9,1,2,3,4,5,-0.6,6,7,,,2,Shunyi\n");
        Series particles = new PublicData(folder).beijing("PM2.5").getFirst();
        assertArrayEquals(new double[]{Double.NaN, 9}, particles.values()[0]);
        assertEquals(List.of("PM10", "SO2", "NO2", "CO", "O3", "TEMP", "PRES", "DEWP", "RAIN", "WSPM", "north", "east"),
                PublicData.beijingCovariates("PM2.5"));
        assertArrayEquals(new double[]{1, 2, 3, 4, 5, -0.7, 6, 7, 8, 2, Math.sqrt(2), -Math.sqrt(2)},
                particles.observation(0).covariates(), 1e-12);
        assertArrayEquals(new double[]{1, 2, 3, 4, 5, -0.6, 6, 7, Double.NaN, 2, Double.NaN, Double.NaN},
                particles.observation(1).covariates(), 1e-12);

        Series temperature = new PublicData(folder).beijing("TEMP").getFirst();
        assertArrayEquals(new double[]{-0.7, -0.6}, temperature.values()[0]);
        assertTrue(Double.isNaN(temperature.observation(0).covariates()[0]));

        write("beijing/Shunyi.csv", header + "2013-03-01 00:00:00,x,1,2,3,4,5,-0.7,6,7,8,NW,2,Shunyi\n");
        String refusal = String.valueOf(assertThrows(IOException.class, () -> new PublicData(folder).beijing("TEMP"))
                .getMessage());
        assertTrue(refusal.endsWith("Shunyi.csv:2: expected a number, found \"x\""), refusal);
    }

    @Test
    void theOthersAreColumns() throws IOException {
        write("ett/ETTh1.csv", "date,HUFL,OT\n2016-07-01 00:00:00,5.8,30.5\n2016-07-01 01:00:00,5.7,27.8\n");
        write("exchange_rate/exchange_rate.csv", "0.78,1.61\n0.79,1.62\n0.80,1.63\n");
        assertEquals(List.of("HUFL", "OT"), new PublicData(folder).etth1().stream().map(Series::id).toList());
        List<Series> rates = new PublicData(folder).exchangeRate();
        assertArrayEquals(new double[]{1.61, 1.62, 1.63}, rates.get(1).values()[0]);
        assertEquals(24 * HOUR, rates.get(1).timestamps()[1]);
    }

    @Test
    void sensorsOfAJumpingFleetJumpMidway() {
        SyntheticFleet fleet = new SyntheticFleet(20, Instant.EPOCH, Duration.ofHours(1), 960, 3);
        List<Series> jumping = JumpingFleet.of(fleet);
        int moved = 0;
        for (int i = 0; i < 20; i++) {
            double[] before = fleet.sensor(i).series().values()[0], after = jumping.get(i).values()[0];
            int middle = before.length / 2;
            assertArrayEquals(Arrays.copyOf(before, middle), Arrays.copyOf(after, middle));
            double level = mean(after, middle, after.length) / mean(before, middle, before.length);
            moved += Math.abs(level - 1) > 0.2 ? 1 : 0;
        }
        assertTrue(moved > 10, moved + " of 20 moved");
    }

    private static double mean(double[] values, int from, int to) {
        return Arrays.stream(values, from, to).average().orElseThrow();
    }
}
