package io.gatecast.schemas;

import io.gatecast.schemas.BadValue.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// The values of one topic, in Confluent's wire format:
///
///     at  type  what
///     0   u8    0
///     1   i32   id of the schema it was written with, big-endian
///     5   ...   the record, Avro binary
///
/// The schema is registered when this is made, so that writing never asks the registry; reading asks it once for each
/// id it meets, and resolves what was written with another version of the schema to this one. Safe for threads.
///
/// A value that is none is a [BadValue] which says why; a registry that cannot be reached while reading, or does not let
/// us in, is a [RegistryException], for then the value is not at fault.
public final class AvroSerde<T extends SpecificRecord> implements Serde<T> {
    private static final int HEADER = 1 + Integer.BYTES;
    /// What a forecast of 24 steps at three quantiles has room in. Avro's own buffer, of 2048 bytes, is made for every record.
    private static final int USUAL_BYTES = 512;
    private static final EncoderFactory ENCODERS = new EncoderFactory().configureBufferSize(USUAL_BYTES);

    private final Class<T> type;
    private final SpecificData data;
    private final Schema schema;
    private final Registry registry;
    private final byte[] header;
    private final DatumWriter<T> writer;
    private final Map<Integer, DatumReader<T>> readers = new ConcurrentHashMap<>();

    /// Registers the schema.
    ///
    /// @param topic whose values these are
    /// @throws RegistryException if the registry cannot be reached, or will not have the schema
    public AvroSerde(Registry registry, String topic, Class<T> type) {
        TrustedClasses.trust();
        this.type = type;
        this.data = SpecificData.getForClass(type);
        this.schema = data.getSchema(type);
        this.registry = registry;
        this.header = ByteBuffer.allocate(HEADER).put((byte) 0).putInt(registry.register(topic, schema)).array();
        this.writer = new FloatsAtOnce<>(schema, data);
    }

    @Override
    public Serializer<T> serializer() {
        return (topic, record) -> write(record);
    }

    @Override
    public Deserializer<T> deserializer() {
        return this::read;
    }

    private byte @Nullable [] write(@Nullable T record) {
        if (record == null) {
            return null; // a tombstone
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
        bytes.writeBytes(header);
        BinaryEncoder encoder = ENCODERS.binaryEncoder(bytes, null);
        try {
            writer.write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return bytes.toByteArray();
    }

    private @Nullable T read(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        int id = schemaId(topic, bytes);
        try {
            DatumReader<T> reader = readers.computeIfAbsent(id, this::reader);
            BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, null);
            T record = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw bad(Fault.UNREADABLE, topic, "bytes are left over behind it", null);
            }
            return record;
        } catch (RegistryException e) {
            throw e.isUnknownSchema() ? bad(Fault.UNKNOWN_SCHEMA, topic, e.getMessage(), e) : e;
        } catch (BadValue e) {
            throw e;
        } catch (IOException | RuntimeException e) { // Avro meets damage with exceptions of many kinds
            boolean wrong = e instanceof AvroTypeException && !isReadable(id);
            throw bad(wrong ? Fault.WRONG_SCHEMA : Fault.UNREADABLE, topic, e.toString(), e);
        }
    }

    /// Damage can look like a wrong schema; the schemas themselves know.
    private boolean isReadable(int id) {
        return SchemaCompatibility.checkReaderWriterCompatibility(schema, registry.schema(id))
                .getType() == SchemaCompatibilityType.COMPATIBLE;
    }

    private int schemaId(String topic, byte[] bytes) {
        if (bytes.length < HEADER) {
            throw bad(Fault.UNREADABLE, topic,
                    "at least " + HEADER + " bytes were expected, " + bytes.length + " found", null);
        }
        if (bytes[0] != 0) {
            throw bad(Fault.UNREADABLE, topic,
                    "it was expected to begin with byte 0 and a schema id, it begins with byte "
                            + (bytes[0] & 0xFF),
                    null);
        }
        return ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
    }

    private DatumReader<T> reader(int id) {
        return new UntrustingReader<>(registry.schema(id), schema, data);
    }

    private BadValue bad(Fault fault, String topic, @Nullable String why, @Nullable Throwable cause) {
        return new BadValue(fault, "a value of topic " + topic + " is no " + type.getSimpleName() + ": " + why, cause);
    }
}
