package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.training.GradientReport.Norms;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientWatchTest {
    private final Parameters gradient = Network.parametersOf(new Architecture(1,
            List.of(new RecurrentLayer(CellKind.RNN, 2), new RecurrentLayer(CellKind.RNN, 1)),
            new HeadShape(1, 1, 1, List.of(0.5))));
    private final GradientWatch watch = new GradientWatch(gradient, 5);

    @Test
    void normsAreThoseOfEachLayerAndOfTheWhole() {
        set("layer0.W", 3);
        set("layer0.U", 4);
        set("head.b", 12);
        watch.take(0, 1, gradient, 0.1);
        watch.note(0);
        assertEquals(List.of(new Norms(0, 13, Map.of("layer0", 5.0, "layer1", 0.0, "head", 12.0))),
                watch.report().norms());
        assertEquals(List.of("layer0", "layer1", "head"),
                List.copyOf(watch.report().norms().getFirst().byLayer().keySet()), "from the inputs on");
    }

    @Test
    void aNoteIsTheMeanSinceTheOneBefore() {
        for (int update = 0; update < 4; update++) {
            set("head.b", update + 1);
            watch.take(update, 1, gradient, 0.1);
            if (update % 2 == 1) {
                watch.note(update);
            }
        }
        assertEquals(List.of(1.5, 3.5), watch.report().norms().stream().map(Norms::whole).toList());
        assertEquals(List.of(1, 3), watch.report().norms().stream().map(Norms::update).toList());
    }

    @Test
    void onlyWhatIsLongerThanAllowedIsCounted() {
        for (float norm : new float[]{4, 5, 6, 7}) {
            set("head.b", norm);
            watch.take(0, 1, gradient, 0.1);
        }
        assertEquals(2, watch.report().clipped());
        assertEquals(7, watch.report().largest());
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void aGradientThatIsNotFiniteIsNamedByTensorUpdateAndRate(float value) {
        set("layer1.U", value);
        assertEquals("update 8: the gradient of layer1.U is not finite at a learning rate of 0.10; try a lower"
                + " --learning-rate or a lower --clip", astray(1));
    }

    @Test
    void norMayTheLossBe() {
        assertEquals("update 8: the loss is not finite at a learning rate of 0.10; try a lower --learning-rate or a"
                + " lower --clip", astray(Double.NaN));
    }

    private String astray(double loss) {
        return String.valueOf(assertThrows(TrainingDiverged.class, () -> watch.take(7, loss, gradient, 0.1))
                .getMessage());
    }

    /// One number, the others zero within their tensor.
    private void set(String tensor, float value) {
        var place = gradient.tensor(tensor);
        Arrays.fill(gradient.values, place.offset(), place.offset() + place.size(), 0);
        gradient.values[place.offset()] = value;
    }
}
