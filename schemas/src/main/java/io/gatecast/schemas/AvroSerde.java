package io.gatecast.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// Records of one type in Confluent's wire format, so that any client of theirs can read and write them:
///
///     at  type  what
///     0   u8    0
///     1   i32   schema id, big-endian
///     5   ...   the record, Avro binary, in the schema of that id
///
/// A value is written in our schema, registered under `TOPIC-value`, and read in whichever schema it was written in, resolved
/// to ours. Serves any number of threads.
///
/// @param <T> the generated class
public final class AvroSerde<T extends SpecificRecord> implements Serde<T>, Serializer<T>, Deserializer<T> {
    private static final byte MAGIC = 0;
    private static final int HEADER = 1 + Integer.BYTES;
    private static final int UNREGISTERED = -1;

    private final Registry registry;
    private final String subject;
    private final Schema schema;
    private final SpecificData data;
    private final DatumWriter<T> writer;
    private final Map<Integer, DatumReader<T>> readers = new ConcurrentHashMap<>();
    private final ThreadLocal<Output> outputs = ThreadLocal.withInitial(Output::new);
    private volatile int id = UNREGISTERED;

    /// One thread's memory for a record on its way out.
    private static final class Output {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        @Nullable
        BinaryEncoder encoder;
    }

    /// @param type  the generated class
    /// @param topic names the subject
    @SuppressWarnings("unchecked") // a SpecificData's writer writes what its schema says
    public AvroSerde(Registry registry, Class<T> type, String topic) {
        TrustedClasses.trust();
        this.registry = registry;
        this.subject = topic + "-value";
        this.data = SpecificData.getForClass(type);
        this.schema = data.getSchema(type);
        this.writer = (DatumWriter<T>) data.createDatumWriter(schema);
    }

    /// Registers the schema now, which the first record would otherwise wait for. To be called at start-up.
    ///
    /// @throws IOException with a sentence, if the registry does not answer or refuses
    public void register() throws IOException {
        id = registry.idOf(subject, schema);
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T value) {
        if (value == null) {
            return null; // a tombstone
        }
        Output output = outputs.get();
        output.bytes.reset();
        try {
            if (id == UNREGISTERED) {
                register();
            }
            output.bytes.write(MAGIC);
            output.bytes.write(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
            output.encoder = EncoderFactory.get().binaryEncoder(output.bytes, output.encoder);
            writer.write(value, output.encoder);
            output.encoder.flush();
        } catch (RegistryUnavailable e) {
            throw new KafkaException(e.getMessage(), e);
        } catch (IOException | AvroRuntimeException e) {
            throw new SerializationException(
                    "topic " + topic + ": cannot write " + schema.getName() + ": " + e.getMessage(), e);
        }
        return output.bytes.toByteArray();
    }

    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null; // a tombstone
        }
        try {
            return read(bytes);
        } catch (RegistryUnavailable e) {
            throw new KafkaException(e.getMessage(), e); // not the record's fault, so no SerializationException
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
            throw new SerializationException("topic " + topic + ": expected " + schema.getName()
                    + " in Confluent's wire format, found " + describe(bytes) + ": " + reason(e), e);
        }
    }

    private T read(byte[] bytes) throws IOException {
        if (bytes.length < HEADER || bytes[0] != MAGIC) {
            throw new IOException("it does not begin with a 0 and a schema id");
        }
        int writtenWith = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, null);
        T value = readerOf(writtenWith).read(null, decoder);
        if (!decoder.isEnd()) {
            throw new IOException("bytes are left after the record");
        }
        return value;
    }

    @SuppressWarnings("unchecked") // as in the constructor
    private DatumReader<T> readerOf(int writtenWith) throws IOException {
        DatumReader<T> known = readers.get(writtenWith);
        if (known == null) {
            known = (DatumReader<T>) data.createDatumReader(registry.schemaOf(writtenWith), schema);
            readers.put(writtenWith, known);
        }
        return known;
    }

    private static String describe(byte[] bytes) {
        return bytes.length + (bytes.length == 1 ? " byte" : " bytes");
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? "it ends within the record" : e.getMessage();
    }

    @Override
    public Serializer<T> serializer() {
        return this;
    }

    @Override
    public Deserializer<T> deserializer() {
        return this;
    }

    @Override
    public void configure(Map<String, ?> configuration, boolean isKey) {
        // all it needs came with the constructor
    }

    @Override
    public void close() {
        // holds nothing that must be given back
    }
}
