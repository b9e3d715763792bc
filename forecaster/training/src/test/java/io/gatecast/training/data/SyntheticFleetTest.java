package io.gatecast.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.training.data.SyntheticFleet.Fault;
import io.gatecast.training.data.SyntheticFleet.Sensor;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticFleetTest {
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");

    private static SyntheticFleet fleet(int sensors, long seed) {
        return new SyntheticFleet(sensors, START, Duration.ofMinutes(15), 4000, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theSameSeedGivesTheSameSensorWhateverTheFleetsSize(long seed) {
        Sensor one = fleet(3, seed).stream().toList().get(2);
        Sensor same = fleet(1_000_000, seed).sensor(2);
        assertArrayEquals(one.series().values()[0], same.series().values()[0]);
        assertArrayEquals(one.series().timestamps(), same.series().timestamps());
        assertEquals(one.labels(), same.labels());
        assertEquals("synthetic-000002", same.series().id());
    }

    /// Pins the bytes, which must not depend on the machine.
    @Test
    void theNumbersAreTheseOnEveryMachine() {
        double[] values = fleet(1, 1).sensor(0).series().values()[0];
        assertEquals(-782895850782105520L, Arrays.stream(values).mapToLong(Double::doubleToLongBits).reduce(17,
                (hash, bits) -> 31 * hash + bits));
    }

    @Test
    void everyKindOfFaultAndSomeGapsOccur() {
        List<Sensor> sensors = fleet(20, 5).stream().toList();
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        sensors.forEach(sensor -> sensor.labels().forEach(label -> faults.add(label.fault())));
        assertEquals(EnumSet.allOf(Fault.class), faults);
        assertTrue(sensors.stream().anyMatch(sensor -> sensor.series().length() < 4000), "no gaps");
    }

    @Test
    void aSpikeStandsOutFromItsNeighbours() {
        for (Sensor sensor : fleet(20, 7).stream().toList()) {
            for (SyntheticFleet.Label label : sensor.labels()) {
                int at = Arrays.binarySearch(sensor.series().timestamps(), label.from().toEpochMilli());
                if (label.fault() == Fault.SPIKE && at > 0) {
                    double[] values = sensor.series().values()[0];
                    assertTrue(Math.abs(values[at] - values[at - 1]) > 0.2 * Math.abs(values[at - 1]),
                            label.toString());
                }
            }
        }
    }
}
