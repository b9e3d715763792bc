package io.gatecast.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Forecast;
import io.gatecast.avro.Model;
import io.gatecast.avro.Observation;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever was written with a contract that was ever released can be read with today's. At a release, copy
/// `src/main/avro/*.avsc` into `src/test/resources/released/VERSION/`; never change what lies there.
class EvolutionTest {
    private static final Map<String, Schema> TODAY = Stream
            .of(Anomaly.getClassSchema(), Evaluation.getClassSchema(), Forecast.getClassSchema(),
                    Model.getClassSchema(), Observation.getClassSchema())
            .collect(Collectors.toMap(Schema::getName, schema -> schema));

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

    @Test
    void everyContractHasBeenReleased() throws Exception {
        TreeSet<String> names = new TreeSet<>();
        for (Path file : released()) {
            names.add(new Schema.Parser().parse(file.toFile()).getName());
        }

        assertEquals(new TreeSet<>(TODAY.keySet()), names);
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
