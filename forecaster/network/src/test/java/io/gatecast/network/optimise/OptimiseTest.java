package io.gatecast.network.optimise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatecast.network.Golden;
import io.gatecast.network.tensor.Parameters;
import org.junit.jupiter.api.Test;

class OptimiseTest {

    /// Twenty updates at changing rates, large gradients and small ones, by `clip_grad_norm_` and `torch.optim.Adam`.
    @Test
    void clippingAndAdamGoTheWayOfPyTorch() {
        Golden golden = Golden.of("optimise.json");
        Parameters parameters = parameters(golden.floats("start"));
        Adam adam = new Adam(parameters.size());
        for (int update = 0; update < golden.at("rates").size(); update++) {
            Parameters gradient = parameters(Golden.floats(golden.at("gradients").get(update)));
            double norm = GradientClip.clip(gradient, golden.at("limit").doubleValue());
            assertEquals(golden.at("norms").get(update).doubleValue(), norm, 1e-6);
            assertClose(golden.at("clipped").get(update), gradient.values, 2e-6);
            adam.update(parameters, gradient, golden.at("rates").get(update).doubleValue());
            assertClose(golden.at("path").get(update), parameters.values, 2e-6);
        }
    }

    /// By hand: AdamW first takes the share rate · decay from a weight, then goes Adam's way; a bias goes Adam's way alone.
    @Test
    void weightsDecayAndBiasesDoNot() {
        Parameters parameters = new Parameters.Layout().add("W", 2, 2).add("b", 1, 2).build();
        for (int i = 0; i < 6; i++) {
            parameters.values[i] = i + 1;
        }
        Adam plain = new Adam(6), decaying = new Adam(6, 0.1);
        Parameters other = parameters.copy(), gradient = parameters.zeros();
        gradient.fill(0.3f);
        plain.update(parameters, gradient, 0.5);
        decaying.update(other, gradient, 0.5);
        for (int i = 0; i < 6; i++) {
            assertEquals(parameters.values[i] - (i < 4 ? 0.05f * (i + 1) : 0), other.values[i], 1e-6, "number " + i);
        }
    }

    @Test
    void aGradientWithinTheLimitIsLeftAlone() {
        Parameters gradient = parameters(3, -4);
        assertEquals(5, GradientClip.clip(gradient, 5));
        assertArrayEquals(new float[]{3, -4}, gradient.values);
    }

    @Test
    void aClippedGradientKeepsItsDirection() {
        Parameters gradient = parameters(30, -40);
        assertEquals(50, GradientClip.clip(gradient, 1));
        assertArrayEquals(new float[]{0.6f, -0.8f}, gradient.values, 1e-6f);
    }

    @Test
    void aGradientThatIsNotFiniteIsToldAndLeftAlone() {
        Parameters gradient = parameters(30, Float.NaN);
        assertTrue(Double.isNaN(GradientClip.clip(gradient, 1)));
        assertArrayEquals(new float[]{30, Float.NaN}, gradient.values);
        assertEquals(Double.POSITIVE_INFINITY, GradientClip.clip(parameters(1, Float.NEGATIVE_INFINITY), 1));
    }

    @Test
    void theRateWarmsUpThenFallsToATwentieth() {
        LearningRate rate = new LearningRate(0.002, 0.1);
        assertEquals(0.002 * 0.05, rate.at(0), 1e-12);
        assertEquals(0.001, rate.at(0.05), 1e-12);
        assertEquals(0.002, rate.at(0.1), 1e-12);
        assertEquals(0.002 * (0.05 + 0.95 / 2), rate.at(0.55), 1e-12);
        assertEquals(0.0001, rate.at(1), 1e-12);
        assertEquals(0.0001, rate.at(1.5), 1e-12);
        assertEquals(0.002, new LearningRate(0.002, 0).at(0), 1e-12);
        for (double done = 0.1; done < 1; done += 0.01) {
            assertTrue(rate.at(done + 0.01) <= rate.at(done));
        }
    }

    private static void assertClose(JsonNode expected, float[] found, double tolerance) {
        assertEquals(expected.size(), found.length);
        for (int i = 0; i < found.length; i++) {
            assertEquals(expected.get(i).doubleValue(), found[i], tolerance, "number " + i);
        }
    }

    private static Parameters parameters(float... values) {
        Parameters parameters = new Parameters.Layout().add("theta", 1, values.length).build();
        System.arraycopy(values, 0, parameters.values, 0, values.length);
        return parameters;
    }
}
