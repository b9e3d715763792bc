package io.gatecast.app.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;

/// Answers as JSON, which has no word for what is not finite: null.
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Double.class, new Doubles())
                    .addSerializer(double.class, new Doubles()).addSerializer(float[].class, new Floats()))
            .build();

    private Json() {}

    static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON for " + value.getClass(), e);
        }
    }

    /// @throws IOException if it is none
    static JsonNode read(byte[] text) throws IOException {
        return MAPPER.readTree(text);
    }

    /// @throws IOException if it is none, or does not fit
    static <T> T read(JsonNode node, Class<T> type) throws IOException {
        return MAPPER.treeToValue(node, type);
    }

    private static final class Doubles extends JsonSerializer<Double> {
        @Override
        public void serialize(Double number, JsonGenerator json, SerializerProvider serializers) throws IOException {
            if (Double.isFinite(number)) {
                json.writeNumber(number);
            } else {
                json.writeNull();
            }
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
}
