package io.gatecast.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.network.tensor.Parameters.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// Numbers that somebody else computed; each file names its maker. They are made again by
/// `/usr/bin/python3 golden.py` in `src/test/resources/golden`.
public record Golden(String file, JsonNode root) {

    public static Golden of(String file) {
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + file)) {
            assertNotNull(in, "no golden " + file + ": make it with golden.py beside it");
            return new Golden(file, new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException("golden " + file, e);
        }
    }

    public JsonNode at(String... path) {
        JsonNode node = root;
        for (String name : path) {
            node = node.required(name);
        }
        return node;
    }

    public int integer(String name) {
        return at(name).intValue();
    }

    /// @return the numbers at `path`; null reads as NaN
    public float[] floats(String... path) {
        return floats(at(path));
    }

    public static float[] floats(JsonNode node) {
        float[] numbers = new float[node.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = node.get(i).isNull() ? Float.NaN : (float) node.get(i).doubleValue();
        }
        return numbers;
    }

    /// Copies the numbers at `path`, one field a tensor, into the tensors named `prefix` and the field.
    public void into(Parameters parameters, String prefix, String... path) {
        at(path).fieldNames().forEachRemaining(name -> {
            Tensor tensor = parameters.tensor(prefix + name);
            float[] numbers = floats(at(path).get(name));
            assertEquals(tensor.size(), numbers.length, name);
            System.arraycopy(numbers, 0, parameters.values, tensor.offset(), numbers.length);
        });
    }

    /// Holds `found` against the numbers at `path`.
    ///
    /// @param tolerance of each number, absolutely where it is below 1 and relatively above
    public void assertSame(float[] found, int from, double tolerance, String... path) {
        JsonNode expected = at(path);
        for (int i = 0; i < expected.size(); i++) {
            int place = i;
            double value = expected.get(i).doubleValue();
            assertEquals(value, found[from + i], tolerance * Math.max(1, Math.abs(value)),
                    () -> String.join(".", path) + "[" + place + "] of " + file + ", by " + at("maker").textValue());
        }
    }

    /// Holds each tensor named `prefix` and a field at `path` against that field's numbers.
    public void assertSame(Parameters found, String prefix, double tolerance, String... path) {
        at(path).fieldNames().forEachRemaining(name -> {
            String[] field = Arrays.copyOf(path, path.length + 1);
            field[path.length] = name;
            assertSame(found.values, found.tensor(prefix + name).offset(), tolerance, field);
        });
    }
}
