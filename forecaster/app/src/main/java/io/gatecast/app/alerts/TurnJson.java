package io.gatecast.app.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatecast.avro.Anomaly;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// A turn as JSON: `id`, `type` and `series`, then every field of the contract under its own name, so that one that is added
/// there is here, too. Moments are ISO 8601; what is not finite is null.
final class TurnJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String TYPE = "io.gatecast.anomaly.";

    private TurnJson() {}

    static byte[] of(Turn turn) {
        Anomaly anomaly = turn.anomaly();
        ObjectNode json = JSON.objectNode();
        json.put("id", turn.id());
        json.put("type", TYPE + anomaly.getPhase().name().toLowerCase(Locale.ROOT));
        json.put("series", turn.seriesId());
        json.setAll(object(anomaly));
        return json.toString().getBytes(UTF_8);
    }

    private static ObjectNode object(SpecificRecord record) {
        ObjectNode object = JSON.objectNode();
        for (Schema.Field field : record.getSchema().getFields()) {
            object.set(field.name(), node(record.get(field.pos())));
        }
        return object;
    }

    private static JsonNode node(@Nullable Object value) {
        return switch (value) {
            case null -> JSON.nullNode();
            case Double number -> Double.isFinite(number) ? JSON.numberNode(number) : JSON.nullNode();
            case Float number -> Float.isFinite(number) ? JSON.numberNode(number) : JSON.nullNode();
            case Integer number -> JSON.numberNode(number);
            case Long number -> JSON.numberNode(number);
            case Boolean truth -> JSON.booleanNode(truth);
            case SpecificRecord record -> object(record);
            case List<?> values -> {
                ArrayNode array = JSON.arrayNode();
                values.forEach(each -> array.add(node(each)));
                yield array;
            }
            case Map<?, ?> values -> {
                ObjectNode object = JSON.objectNode();
                values.forEach((key, each) -> object.set(String.valueOf(key), node(each)));
                yield object;
            }
            case Instant moment -> JSON.textNode(moment.toString());
            default -> JSON.textNode(value.toString()); // text, enumerations
        };
    }
}
