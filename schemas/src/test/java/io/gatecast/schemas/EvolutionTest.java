package io.gatecast.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.avro.AdminAction;
import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Label;
import io.gatecast.avro.Model;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.Mute;
import io.gatecast.avro.Observation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever was written with a contract that was ever released can be read with today's. At a release, copy
/// `src/main/avro/*.avsc` into `src/test/resources/released/VERSION/`; never change what lies there.
class EvolutionTest {
    private static final Map<String, Schema> TODAY = Stream
            .of(Anomaly.getClassSchema(), Evaluation.getClassSchema(), Forecast.getClassSchema(),
                    Model.getClassSchema(), ModelEvent.getClassSchema(), Observation.getClassSchema(),
                    Mute.getClassSchema(), Label.getClassSchema(), AdminAction.getClassSchema())
            .collect(Collectors.toMap(Schema::getName, schema -> schema));
    private static final Map<String, Class<? extends SpecificRecord>> TYPES = Stream
            .of(Anomaly.class, Evaluation.class, Forecast.class, Model.class, ModelEvent.class, Observation.class,
                    Mute.class, Label.class, AdminAction.class)
            .collect(Collectors.toMap(Class::getSimpleName, type -> type));

    static List<Path> released() throws IOException, URISyntaxException {
        Path root = Path.of(Objects.requireNonNull(EvolutionTest.class.getResource("/released")).toURI());
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".avsc")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("released")
    void whatWasReleasedStillReads(Path file) throws IOException {
        Schema writer = new Schema.Parser().parse(file.toFile());
        var result = SchemaCompatibility.checkReaderWriterCompatibility(TODAY.get(writer.getName()), writer);

        assertEquals(SchemaCompatibilityType.COMPATIBLE, result.getType(),
                () -> file + " can no longer be read: " + result.getResult().getIncompatibilities());
    }

    /// As [#whatWasReleasedStillReads], not by Avro's word but with records: made up under the released schema, read as
    /// today's class, written again, and read once more. Nothing may be refused, and the second reading is the first.
    @ParameterizedTest
    @MethodSource("released")
    void madeUpRecordsOfAReleaseAreReadAndKept(Path file) throws IOException {
        Schema writer = new Schema.Parser().parse(file.toFile());
        Class<? extends SpecificRecord> type = Objects.requireNonNull(TYPES.get(writer.getName()));
        try (Registry registry = Registry.connect(Map.of(Registry.URL, "mock://" + UUID.randomUUID()))) {
            requireKept(new AvroSerde<>(registry, "today", type), writer, registry.register("released", writer));
        }
    }

    private static <T extends SpecificRecord> void requireKept(AvroSerde<T> serde, Schema writer, int id)
            throws IOException {
        Schema today = Objects.requireNonNull(TODAY.get(writer.getName()));
        boolean same = SchemaNormalization.toParsingForm(today).equals(SchemaNormalization.toParsingForm(writer));
        for (long seed = 1; seed <= 50; seed++) {
            byte[] old = madeUp(writer, id, seed);
            T record = serde.deserializer().deserialize("released", old);
            byte[] written = serde.serializer().serialize("today", record);

            assertEquals(record, serde.deserializer().deserialize("today", written), "seed " + seed);
            if (same) { // then the bytes are too, behind the id
                assertArrayEquals(Arrays.copyOfRange(old, 5, old.length),
                        Arrays.copyOfRange(written, 5, written.length), "seed " + seed);
            }
        }
    }

    private static byte[] madeUp(Schema writer, int id, long seed) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(5).putInt(1, id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(writer).write(new RandomData(writer, 1, seed).iterator().next(), encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    @Test
    void everyContractHasBeenReleased() throws Exception {
        TreeSet<String> names = new TreeSet<>();
        for (Path file : released()) {
            names.add(new Schema.Parser().parse(file.toFile()).getName());
        }

        assertEquals(new TreeSet<>(TODAY.keySet()), names);
    }

    @Test
    void everyContractIsLookedAtHere() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/avro"))) {
            assertEquals(new TreeSet<>(TODAY.keySet()),
                    files.map(file -> file.getFileName().toString().replace(".avsc", ""))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    @Test
    void everyFieldIsDocumented() {
        TODAY.values().forEach(EvolutionTest::requireDocs);
    }

    private static void requireDocs(Schema schema) {
        switch (schema.getType()) {
            case RECORD -> schema.getFields().forEach(field -> {
                assertEquals(false, field.doc() == null || field.doc().isBlank(),
                        schema.getName() + "." + field.name() + ": expected a doc");
                requireDocs(field.schema());
            });
            case ARRAY -> requireDocs(schema.getElementType());
            case UNION -> schema.getTypes().forEach(EvolutionTest::requireDocs);
            default -> {
            }
        }
    }
}
