package io.gatecast.training.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatecast.network.BareRun;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/// What PyTorch says of networks that it saved; made by `/usr/bin/python3 networks.py` in `src/test/resources/exchange`.
record PyTorchsWord(String name, JsonNode said) {

    static PyTorchsWord of(String name) throws IOException {
        return new PyTorchsWord(name, new ObjectMapper().readTree(file(name + ".json").toFile()));
    }

    static Path file(String name) {
        URL found = PyTorchsWord.class.getResource("/exchange/" + name);
        assertNotNull(found, "no " + name + ": make it with networks.py");
        try {
            return new File(found.toURI()).toPath();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(found.toString(), e);
        }
    }

    private float[] floats(String key) {
        float[] numbers = new float[said.required(key).size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) said.required(key).get(i).doubleValue();
        }
        return numbers;
    }

    /// Runs `network` over the same inputs: every output is the same, or those of the last step if nothing is said of
    /// others.
    void assertSaidBy(BareNetwork network) {
        BareRun run = RandomNetworks.run(network, floats("x"));
        JsonNode expected = said.required("y");
        int from = name.equals("last-step") ? run.outputs().length - run.outputs().length / run.steps() : 0;
        assertEquals(expected.size(), run.outputs().length - from);
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).doubleValue(), run.outputs()[from + i], 2e-6, "y[" + i + "] of " + name);
        }
    }
}
