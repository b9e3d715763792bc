package io.gatecast.series.input;

import static io.gatecast.network.kernel.Activations.asinh;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownFeaturesTest {
    private static final List<Covariate> COVARIATES = List.of(new Covariate("heat", 10, 2),
            new Covariate("price", 0, 5));
    private static final float NAN = Float.NaN;

    @Test
    void covariatesAreInUnitsOfTheirScaleAndWhatIsUnknownIsMasked() {
        float[] x = new float[5];
        new KnownFeatures(KnownInputs.NONE.withCovariates(COVARIATES)).write(0, new float[]{99, 13, NAN}, 1, x, 1);
        assertArrayEquals(new float[]{0, asinh(1.5f), 0, 0, 1}, x);
    }

    @Test
    void theCalendarComesFirst() {
        Calendar calendar = Calendar.of(ZoneOffset.UTC, null, 3_600_000, 1);
        KnownFeatures features = new KnownFeatures(new KnownInputs(calendar, COVARIATES));
        assertEquals(6 + 4, features.columns());
        float[] x = new float[10];
        features.write(6 * 3_600_000, new float[]{10, 1e38f}, 0, x, 0);
        assertEquals(1, x[0]); // a quarter of a day
        assertEquals(0, x[6]);
        assertEquals(asinh(2e37f), x[7]);
    }

    @Test
    void aNameStandsForOneCovariate() {
        var e = assertThrows(IllegalArgumentException.class,
                () -> new KnownInputs(null, List.of(COVARIATES.getFirst(), COVARIATES.getFirst())));
        assertEquals("covariates: expected each once, found heat twice", e.getMessage());
    }

    @Test
    void theLastStepsAreKeptOldestFirst() {
        KnownValues kept = new KnownValues(2, 3, 7);
        for (int step = 1; step <= 4; step++) {
            kept.push(new double[]{step, 10 * step});
        }
        kept.pushUnknown();
        assertArrayEquals(new float[]{3, 30, 4, 40, NAN, NAN}, kept.values);
        assertEquals(2, kept.at(1));
        KnownValues shorter = new KnownValues(2, 2, 7), others = new KnownValues(2, 2, 8);
        shorter.copyFrom(kept);
        others.copyFrom(kept);
        assertArrayEquals(new float[]{4, 40, NAN, NAN}, shorter.values);
        assertArrayEquals(new float[]{NAN, NAN, NAN, NAN}, others.values);
    }
}
