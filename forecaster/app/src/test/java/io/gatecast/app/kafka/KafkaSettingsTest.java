package io.gatecast.app.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
        KafkaSettings settings = KafkaSettings.load(Files.writeString(folder.resolve("kafka.properties"), """
                bootstrap.servers = a:1
                schema.registry.url = mock://here
                client.id = common
                producer.client.id = mine
                """));

        assertEquals("a:1", settings.bootstrapServers());
        assertEquals("mine", settings.forClient("producer").get("client.id"));
        assertEquals("common", settings.forClient("consumer").get("client.id"));
        assertEquals("mock://here", settings.registry().get("schema.registry.url"));
    }
}
