package io.gatecast.training.exchange;

import io.gatecast.training.exchange.Safetensors.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Tensors of a file, taken off one by one, so that what nobody knew remains. Whatever does not fit is an
/// [IllegalArgumentException] that names the tensor.
final class TensorShelf {
    private final Map<String, Tensor> tensors;

    TensorShelf(Map<String, Tensor> tensors) {
        this.tensors = new LinkedHashMap<>(tensors);
    }

    Set<String> names() {
        return tensors.keySet();
    }

    boolean has(String name) {
        return tensors.containsKey(name);
    }

    /// @return the names of the matrices
    List<String> matrices() {
        return tensors.entrySet().stream().filter(entry -> entry.getValue().shape().size() == 2).map(Map.Entry::getKey)
                .toList();
    }

    /// Looks at a matrix without taking it.
    ///
    /// @return its rows and columns
    List<Integer> matrix(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null || tensor.shape().size() != 2) {
            throw new IllegalArgumentException("tensor " + name + ": expected a matrix, found "
                    + (tensor == null ? "none" : "shape " + tensor.shape()));
        }
        return tensor.shape();
    }

    /// Takes a tensor of finite numbers.
    ///
    /// @return its numbers, row-major
    float[] take(String name, Integer... shape) {
        Tensor tensor = tensors.remove(name);
        if (tensor == null || !tensor.shape().equals(Arrays.asList(shape))) {
            throw new IllegalArgumentException("tensor " + name + ": expected shape " + Arrays.toString(shape)
                    + ", found " + (tensor == null ? "none" : tensor.shape()));
        }
        requireFinite(name, tensor.numbers());
        return tensor.numbers();
    }

    static void requireFinite(String name, float[] numbers) {
        for (float number : numbers) {
            if (!Float.isFinite(number)) {
                throw new IllegalArgumentException("tensor " + name + ": expected finite numbers, found " + number);
            }
        }
    }

    void requireEmpty(String otherwise) {
        tensors.forEach((name, tensor) -> {
            throw new IllegalArgumentException(
                    "tensor " + name + ": " + otherwise + ", found one of shape " + tensor.shape());
        });
    }
}
