package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatecast.avro.Model;
import io.gatecast.schemas.TrustedClasses;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/// SHA-256 over all that a model means: which model it is, how it is built, what it is fed, its weights. Not over what it is
/// given when it is published (version, moment), nor over how it was trained.
///
/// Fields are taken by name, in the order of the alphabet, and those that have their default are left out: so a field that a
/// later release adds changes no digest that was ever made.
final class ModelDigest {
    private static final Set<String> MEANING = Set.of("modelId", "architecture", "features", "tensors");

    static {
        TrustedClasses.trust(); // a default of a list names the class of its elements
    }

    private ModelDigest() {}

    static byte[] of(Model record) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            DataOutputStream out = new DataOutputStream(
                    new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            for (Field field : sorted(record.getSchema())) {
                if (MEANING.contains(field.name())) {
                    write(field, record, out);
                }
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException("a digest takes every byte", e);
        }
    }

    private static List<Field> sorted(Schema schema) {
        return schema.getFields().stream().sorted(Comparator.comparing(Field::name)).toList();
    }

    private static void write(Field field, IndexedRecord record, DataOutputStream out) throws IOException {
        Object value = record.get(field.pos());
        if (!field.hasDefaultValue() || !isDefault(field, value)) {
            write(field.name(), out);
            write(value, out);
        }
    }

    private static boolean isDefault(Field field, @Nullable Object value) {
        Object otherwise = SpecificData.get().getDefaultValue(field);
        return value == null ? otherwise == null : value.equals(otherwise);
    }

    /// Each kind of value says how long it is, so that no two texts run into one another.
    private static void write(@Nullable Object value, DataOutputStream out) throws IOException {
        switch (value) {
            case null -> out.writeByte(0);
            case IndexedRecord record -> {
                out.writeByte(1);
                for (Field field : sorted(record.getSchema())) {
                    write(field, record, out);
                }
                out.writeByte(0);
            }
            case List<?> list -> {
                out.writeByte(2);
                out.writeInt(list.size());
                for (Object each : list) {
                    write(each, out);
                }
            }
            case CharSequence text -> {
                byte[] bytes = text.toString().getBytes(UTF_8);
                out.writeByte(3);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
            case ByteBuffer buffer -> {
                byte[] bytes = new byte[buffer.remaining()];
                buffer.duplicate().get(bytes);
                out.writeByte(4);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
            case Integer number -> {
                out.writeByte(5);
                out.writeInt(number);
            }
            case Long number -> {
                out.writeByte(6);
                out.writeLong(number);
            }
            case Float number -> {
                out.writeByte(7);
                out.writeFloat(number);
            }
            case Double number -> {
                out.writeByte(8);
                out.writeDouble(number);
            }
            case Boolean truth -> {
                out.writeByte(9);
                out.writeBoolean(truth);
            }
            default -> throw new IllegalStateException("no digest of " + value.getClass());
        }
    }
}
