package io.gatecast.app.http;

import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.State;
import io.gatecast.streams.ModelEvents;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Decides without a topic; there are `fake/1` and `fake/2`.
final class FakeChanges implements ModelChanges {
    private final List<String> made = new CopyOnWriteArrayList<>();

    /// @return what was decided, in its order
    List<String> made() {
        return made;
    }

    @Override
    public List<ModelEvent> promote(String name, String by, String why) throws IOException {
        if (!name.equals("fake/1")) {
            throw new IOException("model " + name + " is not in the topic; there are fake/1, fake/2");
        }
        made.add(name);
        return List.of(ModelEvents.state("fake", 1, State.CHAMPION, 0, Instant.EPOCH, by, why));
    }

    @Override
    public List<ModelEvent> rollback(String modelId, @Nullable Integer to, String by, String why) {
        made.add(modelId + "<-" + to);
        return List.of(ModelEvents.state(modelId, to == null ? 1 : to, State.CHAMPION, 0, Instant.EPOCH, by, why));
    }
}
