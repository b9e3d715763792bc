package io.gatecast.app.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSettingsTest {
    @TempDir
    Path folder;

    @Test
    void aKeyForOneKindOfClientGoesBeforeTheCommonOne() throws IOException {
        KafkaSettings settings = KafkaSettings
                .load(file("bootstrap.servers = a:1 \nclient.id=common\nproducer.client.id=mine\n"));

        assertEquals("a:1", settings.bootstrapServers());
        assertEquals("mine", settings.forClient("producer").get("client.id"));
        assertEquals("common", settings.forClient("consumer").get("client.id"));
    }

    @Test
    void aFileThatDoesNotSayWhereKafkaIsIsRefused() throws IOException {
        Path file = file("client.id=x\n");
        var e = assertThrows(IllegalArgumentException.class, () -> KafkaSettings.load(file));
        assertEquals(file + ": expected bootstrap.servers=HOST:PORT, which says where Kafka is, found none",
                e.getMessage());
    }

    @Test
    void aFileThatIsNoPropertiesFileIsNamed() throws IOException {
        Path file = file("bootstrap.servers=\\uZZZZ\n");
        var e = assertThrows(IllegalArgumentException.class, () -> KafkaSettings.load(file));
        assertEquals(file + ": is no properties file: Malformed \\uxxxx encoding.", e.getMessage());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("kafka.properties"), text);
    }
}
