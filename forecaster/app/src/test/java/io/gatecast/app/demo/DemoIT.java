package io.gatecast.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(150)
class DemoIT {

    /// As short as it gets, so the models are learned for a second or a few: how good they are is for a longer run to say.
    @Test
    void everyObservationIsForecastAndTheModelIsSwappedOnTheWay() throws Exception {
        Run run = Gatecasts.run("demo", "--headless", "--duration", "20s", "--json");
        assertEquals(0, run.status(), run.err());
        assertFalse(run.err().contains("ERROR"), run.err());
        JsonNode result = JsonMapper.builder().build().readTree(run.out().getLast());
        assertTrue(result.get("sent").asLong() > 50_000, result.toString());
        assertEquals(result.get("sent").asLong(), result.get("accepted").asLong());
        assertEquals(result.get("accepted").asLong(), result.get("forecasts").asLong());
        assertEquals(1, result.get("swaps").asInt());
        assertTrue(result.get("after").get("mase").asDouble() < result.get("seasonalNaiveMase").asDouble(),
                result.toString());
        assertTrue(result.get("skillOverLastValue").isNumber() && result.get("skillOverSeasonalNaive").isNumber(),
                result.toString());
    }
}
