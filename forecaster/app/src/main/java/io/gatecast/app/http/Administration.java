package io.gatecast.app.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatecast.app.json.Json;
import io.gatecast.avro.ActionOutcome;
import io.gatecast.avro.AdminAction;
import io.gatecast.avro.ModelEvent;
import io.gatecast.schemas.RegistryException;
import io.gatecast.schemas.TrustedClasses;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What admins change. Each change is written down before it is made, and what became of it after; what cannot be written
/// down is not done.
final class Administration {
    static {
        TrustedClasses.trust(); // a builder makes its defaults of our classes
    }

    private static final Logger LOG = LoggerFactory.getLogger(Administration.class);
    private static final int MOST_LETTERS = 500;
    private static final String WHY = "why", TO = "to";

    private final ModelChanges changes;
    private final Journal journal;
    private final String instance;

    /// Where it is written down.
    @FunctionalInterface
    interface Journal {
        /// @throws IOException with a sentence, if it is not
        void write(AdminAction action) throws IOException;
    }

    /// A change to be made.
    @FunctionalInterface
    private interface Change {
        List<ModelEvent> make(String by, String why) throws IOException;
    }

    /// @param instance `host:port` of this one
    Administration(ModelChanges changes, Journal journal, String instance) {
        this.changes = changes;
        this.journal = journal;
        this.instance = instance;
    }

    void promote(Context request) {
        String name = request.pathParam("id") + "/" + request.pathParam("version");
        JsonNode body = body(request, Set.of(WHY));
        make(request, name, why(body), (by, why) -> changes.promote(name, by,
                why.isEmpty() ? "promoted over HTTP" : why));
    }

    void rollback(Context request) {
        String modelId = request.pathParam("id");
        JsonNode body = body(request, Set.of(WHY, TO));
        Integer to = to(body);
        make(request, to == null ? modelId : modelId + " to " + to, why(body),
                (by, why) -> changes.rollback(modelId, to, by, why.isEmpty() ? "rolled back over HTTP" : why));
    }

    private void make(Context request, String target, String why, Change change) {
        AdminAction asked = action(request, target, why, ActionOutcome.ASKED, "");
        try {
            journal.write(asked);
        } catch (IOException e) {
            LOG.error("Not done, since it cannot be written down: {} {} by {}: {}", asked.getAction(), target,
                    asked.getBy(), e.getMessage());
            throw Problem.notNow("nothing is changed that cannot be written down; ask again in a moment");
        }
        try {
            List<ModelEvent> events = change.make(asked.getBy(), why);
            close(asked, ActionOutcome.DONE, "");
            request.result(Json.write(Answers.Changes.of(events))).contentType("application/json");
        } catch (IOException | RegistryException | KafkaException | IllegalArgumentException e) {
            String sentence = String.valueOf(e.getMessage());
            close(asked, ActionOutcome.REFUSED, sentence);
            throw new Problem(409, "Not done", sentence);
        }
    }

    private void close(AdminAction asked, ActionOutcome outcome, String detail) {
        LOG.atInfo().addKeyValue("by", asked.getBy()).addKeyValue("from", asked.getFrom())
                .log("{} {}: {} {}", asked.getAction(), asked.getTarget(), outcome, detail);
        try {
            journal.write(AdminAction.newBuilder(asked).setAt(now()).setOutcome(outcome).setDetail(detail).build());
        } catch (IOException e) {
            LOG.error("That {} {} by {} was {} is not written down: {}", asked.getAction(), asked.getTarget(),
                    asked.getBy(), outcome, e.getMessage());
        }
    }

    /// Takes note of somebody who is known and wanted more than they may.
    void denied(Context request, String why) {
        AdminAction action = action(request, request.path(), "", ActionOutcome.DENIED, why);
        LOG.warn("Denied: {} by {} from {}", action.getTarget(), action.getBy(), action.getFrom());
        try {
            journal.write(action);
        } catch (IOException e) {
            LOG.error("That it was denied is not written down: {}", e.getMessage());
        }
    }

    private AdminAction action(Context request, String target, String why, ActionOutcome outcome, String detail) {
        Caller caller = ApiServer.caller(request);
        return new AdminAction(UUID.randomUUID().toString(), now(), caller.name(), request.req().getRemoteAddr(),
                instance, request.method() + " " + request.endpoint().path, target, why, outcome, detail);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /// Only JSON, which no form of another site's page can send.
    private static JsonNode body(Context request, Set<String> known) {
        String type = String.valueOf(request.contentType()).replaceFirst(";.*", "").strip();
        if (!type.equalsIgnoreCase("application/json")) {
            throw new Problem(415, "Not understood", "expected a body of application/json, as in {\"why\": \"a week as"
                    + " canary\"}");
        }
        JsonNode body;
        try {
            body = Json.read(request.bodyAsBytes());
        } catch (IOException e) {
            throw Problem.wrong("expected a JSON object, found something else");
        }
        if (!body.isObject()) {
            throw Problem.wrong("expected a JSON object, found something else");
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw Problem.wrong("expected no fields but " + String.join(", ", new TreeSet<>(known)));
            }
        });
        return body;
    }

    private static String why(JsonNode body) {
        JsonNode why = body.path(WHY);
        if (why.isMissingNode() || why.isNull()) {
            return "";
        }
        if (!why.isTextual() || why.asText().length() > MOST_LETTERS
                || why.asText().chars().anyMatch(Character::isISOControl)) {
            throw Problem.wrong("why: expected one line of at most " + MOST_LETTERS + " characters");
        }
        return why.asText().strip();
    }

    private static @Nullable Integer to(JsonNode body) {
        JsonNode to = body.path(TO);
        if (to.isMissingNode() || to.isNull()) {
            return null;
        }
        if (!to.canConvertToInt() || !to.isIntegralNumber() || to.asInt() < 1) {
            throw Problem.wrong("to: expected a version, at least 1");
        }
        return to.asInt();
    }
}
