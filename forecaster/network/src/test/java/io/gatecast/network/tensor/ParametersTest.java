package io.gatecast.network.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.network.tensor.Parameters.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParametersTest {
    private final Parameters parameters = new Parameters.Layout().add("layer0.W", 2, 3).add("layer0.b", 1, 4).build();

    @Test
    void tensorsLieOneAfterTheOtherInTheOrderTheyWereAdded() {
        assertEquals(List.of(new Tensor("layer0.W", 2, 3, 0), new Tensor("layer0.b", 1, 4, 6)), parameters.tensors());
        assertEquals(10, parameters.size());
    }

    @Test
    void aCopySharesNothing() {
        Parameters copy = parameters.copy();
        copy.fill(1);
        assertArrayEquals(new float[10], parameters.values);
        assertArrayEquals(new float[10], copy.zeros().values);
        assertEquals(parameters.tensors(), copy.tensors());
    }

    @Test
    void anUnknownTensorIsNamedWithThoseThereAre() {
        Exception refused = assertThrows(IllegalArgumentException.class, () -> parameters.tensor("layer0.V"));
        assertEquals("no tensor named layer0.V; there are " + parameters.tensors(), refused.getMessage());
    }

    @Test
    void aTensorTooLargeForAnArrayIsRefused() {
        Parameters.Layout layout = new Parameters.Layout();
        assertThrows(ArithmeticException.class, () -> layout.add("W", 1 << 16, 1 << 16));
    }
}
