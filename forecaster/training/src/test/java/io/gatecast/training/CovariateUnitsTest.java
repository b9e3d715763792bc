package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.series.input.Covariate;
import io.gatecast.training.data.Series;
import java.util.List;
import org.junit.jupiter.api.Test;

class CovariateUnitsTest {
    private static Series series(double[]... covariates) {
        return new Series("s", new long[]{0, 1}, new double[][]{{1, 2}}, covariates);
    }

    @Test
    void theUnitIsTheMeanDistanceFromTheMeanOfAllSeries() {
        List<Series> series = List.of(series(new double[]{1, 2}, new double[]{7, 7}),
                series(new double[]{6, Double.NaN}, new double[]{7, 7}));
        assertEquals(List.of(new Covariate("heat", 3, 2), new Covariate("price", 7, 1)),
                CovariateUnits.of(List.of("heat", "price"), series));
    }

    @Test
    void oneThatIsKnownNowhereIsNamed() {
        var e = assertThrows(IllegalArgumentException.class, () -> CovariateUnits.of(List.of("heat"),
                List.of(series(new double[]{Double.NaN, Double.NaN}))));
        assertEquals(
                "covariate heat: expected finite values to learn from, found none, or infinite ones; leave it out of"
                        + " --covariates",
                e.getMessage());
    }
}
