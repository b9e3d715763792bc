package io.gatecast.app.model;

import io.gatecast.app.kafka.Publisher;
import io.gatecast.app.kafka.Publisher.When;
import io.gatecast.app.kafka.Wanted;
import io.gatecast.avro.Model;
import io.gatecast.avro.State;
import io.gatecast.streams.ModelRecords;
import io.gatecast.streams.Registrations;
import io.gatecast.streams.Trust;
import io.gatecast.training.Trainer.Trained;
import io.gatecast.training.data.Series;
import java.io.IOException;
import java.security.PrivateKey;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Publishes what was learned: as the state that is wanted, where it passes the gate or need not, and otherwise as a candidate,
/// with what was measured in the event.
///
/// @param key   signs; null = nobody does
/// @param state in which it is wanted
/// @param share of a canary
/// @param by    who trained
public record GatedPublication(Gate gate, @Nullable PrivateKey key, State state, double share, String by) {

    /// What was published, and as what.
    public record Published(Model record, State state, String why) {}

    /// @param series that were learned from, their held-out ends included
    /// @param still  whether it is still wanted; asked when nobody else can change models any more
    public Published publish(Publisher publisher, Trained trained, Model draft, List<Series> series,
            Predicate<Registrations> still) throws IOException {
        Model champion = publisher.registrations().champion(draft.getModelId()).orElse(null);
        Gate.Verdict verdict = champion == null
                ? new Gate.Verdict(true, "trained on " + data(draft) + "; there was no champion", List.of())
                : gate.judge(trained.model(draft.getModelId(), 1, 0),
                        ModelRecords.toModel(champion, ModelRecords.keyOf(champion)), series,
                        trained.validation().lastSteps());
        boolean gated = state == State.CHAMPION || state == State.CANARY;
        State as = gated && !verdict.passed() ? State.CANDIDATE : state;
        Model record = publisher.publish(key == null ? draft : Trust.sign(draft, key),
                new Wanted(as, as == State.CANARY ? share : 0, When.AHEAD_OF_THE_STREAM, by, verdict.why(),
                        verdict.measures()),
                still);
        return new Published(record, as, verdict.why());
    }

    private static String data(Model draft) {
        return draft.getReport() == null ? "what is not known" : draft.getReport().getData();
    }
}
