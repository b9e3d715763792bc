package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.series.FeatureSpec;
import io.gatecast.training.data.Series;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Two tracks of 100 steps with holes, one without.
class ImputationTest {
    private static final FeatureSpec SPEC = new FeatureSpec(Waves.INTERVAL, 1, List.of(Waves.SEASON), 6, 6, 36, 10);
    private static final Architecture ARCHITECTURE = SPEC.architecture(List.of(new RecurrentLayer(CellKind.GRU, 5)),
            List.of(0.1, 0.5, 0.9));
    private static final long ENOUGH = 4 * 200;

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final List<Track> tracks = List.of(track(0, 7), track(1, 100), track(2, 13));
    private final Imputation imputation = new Imputation(SPEC, tracks);

    @AfterEach
    void stop() {
        threads.close();
    }

    private static Track track(long seed, int every) {
        Series series = Waves.series("s", 1, 100, seed);
        double[] whole = series.values()[0];
        for (int t = 0; t < 100; t++) {
            whole[t] = t > 0 && t % every == 0 ? Double.NaN : whole[t];
        }
        return new Track(SPEC, new Tracks(SPEC).of(series).getFirst(), 0, 1);
    }

    private static Network network(long seed) {
        return Network.compile(ARCHITECTURE, Network.initialise(ARCHITECTURE, seed));
    }

    private float[][] held() {
        return tracks.stream().map(track -> track.held()[0]).toArray(float[][]::new);
    }

    @Test
    void aYoungModelIsNotAskedNorOneThatHasNoCredit() {
        float[][] before = held();
        assertFalse(imputation.fillIn(network(1), 0.49, 1_000_000, threads));
        assertFalse(imputation.fillIn(network(1), 0.5, ENOUGH - 1, threads));
        assertArrayEquals(before, held());
    }

    @Test
    void whatIsMissingAndNothingElseIsFilledInTogether() {
        float[][] before = held();
        assertTrue(imputation.fillIn(network(1), 0.5, ENOUGH, threads));
        float[][] after = held();
        for (int t = 0; t < 100; t++) {
            boolean known = t >= 2 * Waves.SEASON; // before, both can but repeat the last value
            assertEquals(known && t % 7 == 0, before[0][t] != after[0][t] && (known || t % 7 > 0), "step " + t);
            assertEquals(known && t % 13 == 0, before[2][t] != after[2][t] && (known || t % 13 > 0), "step " + t);
        }
        assertArrayEquals(before[1], after[1]);
        assertFalse(imputation.fillIn(network(2), 0.6, 2 * ENOUGH - 1, threads));
        assertArrayEquals(after, held(), "its credit is used up");
        assertFalse(imputation.fillIn(network(2), 0.6, 2 * ENOUGH, threads), "it is not the first time");
    }

    /// What it was filled in with can be put back, to the bit.
    @Test
    void itGoesOnWhereAnotherStood() {
        imputation.fillIn(network(1), 0.5, ENOUGH, threads);
        List<Track> fresh = List.of(track(0, 7), track(1, 100), track(2, 13));
        Imputation other = new Imputation(SPEC, fresh);
        other.recall(imputation.place());
        assertTrue(Arrays.deepEquals(held(), fresh.stream().map(track -> track.held()[0]).toArray(float[][]::new)));
        assertFalse(other.fillIn(network(2), 0.7, 2 * ENOUGH - 1, threads), "nor is its credit more");
        float[] one = new float[SPEC.inputs()], two = new float[SPEC.inputs()];
        for (int t = 0; t < 100; t++) {
            tracks.get(2).inputs(t, one, 0);
            fresh.get(2).inputs(t, two, 0);
            assertArrayEquals(one, two, "step " + t);
        }
    }
}
