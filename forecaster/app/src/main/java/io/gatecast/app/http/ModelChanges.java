package io.gatecast.app.http;

import io.gatecast.app.kafka.Publisher;
import io.gatecast.app.kafka.Publisher.When;
import io.gatecast.app.kafka.Wanted;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.State;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an admin may decide on models: the same as `gatecast models promote` and `rollback`, and from the same moment on,
/// ten steps ahead of the stream.
interface ModelChanges {

    /// @param name as in default/3
    /// @return what was decided
    /// @throws IOException with a sentence, if it is not there, cannot be used, or the cluster does not take it
    List<ModelEvent> promote(String name, String by, String why) throws IOException;

    /// @param to version to go back to; null = the champion before
    /// @return what was decided
    /// @throws IOException with a sentence, as above
    List<ModelEvent> rollback(String modelId, @Nullable Integer to, String by, String why) throws IOException;

    /// In the topic of models. A client is opened for each, since changes are rare and fence off one another.
    static ModelChanges in(StreamsSettings settings) {
        return new ModelChanges() {
            @Override
            public List<ModelEvent> promote(String name, String by, String why) throws IOException {
                try (Publisher publisher = Publisher.open(settings)) {
                    return publisher.decide(name, new Wanted(State.CHAMPION, 0, When.AHEAD_OF_THE_STREAM, by, why));
                }
            }

            @Override
            public List<ModelEvent> rollback(String modelId, @Nullable Integer to, String by, String why)
                    throws IOException {
                try (Publisher publisher = Publisher.open(settings)) {
                    return publisher.rollback(modelId, to, When.AHEAD_OF_THE_STREAM, by, why);
                }
            }
        };
    }
}
