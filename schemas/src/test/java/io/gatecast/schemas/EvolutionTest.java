package io.gatecast.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Records of every version that was ever released can be read today. A failure here means that a field was taken away,
/// renamed or added without a default: give it one. A release copies src/main/avro to src/test/resources/released.
class EvolutionTest {

    static List<Path> released() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(EvolutionTest.class.getResource("/released")).toURI());
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> schemas = files.filter(file -> file.toString().endsWith(".avsc")).toList();
            assertTrue(schemas.size() >= Topics.values().length, "released schemas are missing: " + schemas);
            return schemas;
        }
    }

    @ParameterizedTest
    @MethodSource("released")
    void whatWasReleasedStillReads(Path file) throws IOException {
        Schema written = new Schema.Parser().parse(file.toFile());
        Schema ours = Stream.of(Topics.values()).map(Topics::schema)
                .filter(schema -> schema.getName().equals(written.getName())).findFirst().orElseThrow();
        SchemaCompatibility.SchemaPairCompatibility result = SchemaCompatibility.checkReaderWriterCompatibility(ours,
                written);
        assertEquals(SchemaCompatibilityType.COMPATIBLE, result.getType(), result.getDescription());
    }
}
