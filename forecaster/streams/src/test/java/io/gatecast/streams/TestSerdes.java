package io.gatecast.streams;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Model;
import io.gatecast.avro.Observation;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/// Avro without a registry.
final class TestSerdes {

    private TestSerdes() {}

    static TopicSerdes all() {
        AvroClasses.trust();
        return new TopicSerdes(of(Observation.getEncoder(), Observation.getDecoder()),
                of(Forecast.getEncoder(), Forecast.getDecoder()), of(Anomaly.getEncoder(), Anomaly.getDecoder()),
                of(Model.getEncoder(), Model.getDecoder()));
    }

    private static <T> Serde<T> of(BinaryMessageEncoder<T> encoder, BinaryMessageDecoder<T> decoder) {
        return Serdes.serdeFrom((topic, value) -> encode(encoder, value), (topic, bytes) -> decode(decoder, bytes));
    }

    private static <T> byte @Nullable [] encode(BinaryMessageEncoder<T> encoder, @Nullable T value) {
        try {
            if (value == null) {
                return null;
            }
            ByteBuffer buffer = encoder.encode(value);
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new SerializationException(e);
        }
    }

    private static <T> @Nullable T decode(BinaryMessageDecoder<T> decoder, byte @Nullable [] bytes) {
        try {
            return bytes == null ? null : decoder.decode(bytes);
        } catch (IOException e) {
            throw new SerializationException(e);
        }
    }
}
