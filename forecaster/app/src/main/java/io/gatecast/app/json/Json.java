package io.gatecast.app.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;

/// What programs are told as JSON, which has no word for what is not finite: null.
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Double.class, new Doubles())
                    .addSerializer(double.class, new Doubles()).addSerializer(float[].class, new Floats())
                    .addSerializer(double[].class, new DoubleArrays()))
            .build();

    private Json() {}

    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON for " + value.getClass(), e);
        }
    }

    /// @return the same in one line, as text
    public static String text(Object value) {
        return new String(write(value), UTF_8);
    }

    /// @throws IOException if it is none
    public static JsonNode read(byte[] text) throws IOException {
        return MAPPER.readTree(text);
    }

    /// @throws IOException if it is none, or does not fit
    public static <T> T read(JsonNode node, Class<T> type) throws IOException {
        return MAPPER.treeToValue(node, type);
    }

    private static void write(double number, JsonGenerator json) throws IOException {
        if (Double.isFinite(number)) {
            json.writeNumber(number);
        } else {
            json.writeNull();
        }
    }

    private static final class Doubles extends JsonSerializer<Double> {
        @Override
        public void serialize(Double number, JsonGenerator json, SerializerProvider serializers) throws IOException {
            write(number, json);
        }
    }

    private static final class Floats extends JsonSerializer<float[]> {
        @Override
        public void serialize(float[] numbers, JsonGenerator json, SerializerProvider serializers)
                throws IOException {
            json.writeStartArray();
            for (float number : numbers) {
                if (Float.isFinite(number)) {
                    json.writeNumber(number);
                } else {
                    json.writeNull();
                }
            }
            json.writeEndArray();
        }
    }

    private static final class DoubleArrays extends JsonSerializer<double[]> {
        @Override
        public void serialize(double[] numbers, JsonGenerator json, SerializerProvider serializers)
                throws IOException {
            json.writeStartArray();
            for (double number : numbers) {
                write(number, json);
            }
            json.writeEndArray();
        }
    }
}
