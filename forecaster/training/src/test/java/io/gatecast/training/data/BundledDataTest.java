package io.gatecast.training.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BundledDataTest {

    @Test
    void chicagoHasTwentyStationsAndABlizzard() {
        List<Series> stations = BundledData.CHICAGO_L.read();
        assertEquals(20, stations.size());
        Series clarkLake = stations.stream().filter(s -> s.id().equals("clark-lake")).findFirst().orElseThrow();
        assertEquals(5698, clarkLake.length());
        assertEquals(Instant.parse("2001-01-08T00:00:00Z").toEpochMilli(), clarkLake.timestamps()[0]);
        assertEquals(15.561, clarkLake.values()[0][0]);
        int blizzard = Arrays.binarySearch(clarkLake.timestamps(),
                Instant.parse("2011-02-02T00:00:00Z").toEpochMilli());
        assertEquals(3.86, clarkLake.values()[0][blizzard]);
        assertTrue(clarkLake.values()[0][blizzard - 7] > 17, "the Wednesday before was an ordinary one");
    }

    @Test
    void motesHaveTwoChannelsAndFourEvents() {
        List<Series> motes = BundledData.WIRELESS_SENSORS.read();
        assertEquals(8, motes.size());
        assertEquals(37_674, motes.stream().mapToInt(Series::length).sum());
        Series first = motes.stream().filter(s -> s.id().equals("single-hop-indoor-1")).findFirst().orElseThrow();
        assertEquals(27.97, first.values()[0][0]);
        assertEquals(45.93, first.values()[1][0]);
        assertEquals(4, BundledData.WIRELESS_SENSORS.events().size());
        for (BundledData.LabelledEvent event : BundledData.WIRELESS_SENSORS.events()) {
            Series mote = motes.stream().filter(s -> s.id().equals(event.seriesId())).findFirst().orElseThrow();
            assertTrue(Arrays.binarySearch(mote.timestamps(), event.from().toEpochMilli()) >= 0, event.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void observationsLieAnIntervalApartOrMore(BundledData data) {
        for (Series series : data.read()) {
            for (int i = 1; i < series.length(); i++) {
                assertTrue(series.timestamps()[i] - series.timestamps()[i - 1] >= data.interval().toMillis(),
                        series.id() + ", observation " + i);
            }
        }
    }
}
