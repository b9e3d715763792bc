package io.gatecast.app.command.mixin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;

/// A command's answer to a program. Apart, so that a command that is not asked for one does not wait for Jackson to begin.
final class JsonAnswer {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Double.class, new Numbers()).addSerializer(double.class,
                    new Numbers()))
            .build();

    private JsonAnswer() {}

    /// JSON has no word for what is not finite: null.
    private static final class Numbers extends JsonSerializer<Double> {
        @Override
        public void serialize(Double number, JsonGenerator json, SerializerProvider serializers) throws IOException {
            if (Double.isFinite(number)) {
                json.writeNumber(number);
            } else {
                json.writeNull();
            }
        }
    }

    /// @return its components as an object's fields, in one line
    static String of(Record result) {
        try {
            return JSON.writeValueAsString(result);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON for " + result, e);
        }
    }
}
