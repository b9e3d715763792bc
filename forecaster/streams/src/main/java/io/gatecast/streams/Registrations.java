package io.gatecast.streams;

import io.gatecast.avro.Change;
import io.gatecast.avro.Model;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.State;
import io.gatecast.avro.Status;
import io.gatecast.streams.ModelTopic.Entry;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the topics of models and of their events hold at some moment, for those who look from outside. It tells the last
/// word on each version, whether its time has come or not.
///
/// @param entries the newest record of each key, by key
/// @param events  in their order
public record Registrations(List<Entry> entries, List<ModelEvent> events) {

    /// The last word on a version.
    ///
    /// @param state    in which it is; null where nobody gave it one
    /// @param former   whether it was champion until another version was promoted
    /// @param from     event time from which that counts
    /// @param share    of a canary
    /// @param sequence of the event that says so; 0 where the record itself does
    public record Standing(@Nullable State state, boolean former, Instant from, double share, long sequence) {

        /// @return for a person
        public String text() {
            if (state == null) {
                return "NONE";
            }
            return former
                    ? "FORMER"
                    : state == State.CANARY
                            ? String.format(Locale.ROOT, "CANARY %s %%", percent())
                            : state.name();
        }

        private String percent() {
            return String.format(Locale.ROOT, "%.4g", share * 100).replaceAll("\\.?0+$", "");
        }
    }

    public Registrations {
        entries = List.copyOf(entries);
        events = List.copyOf(events);
    }

    /// @return versions of a model that can be used, the newest first
    public List<Model> versions(String modelId) {
        return entries.stream().filter(entry -> entry.fault() == null).map(Entry::record).flatMap(Stream::ofNullable)
                .filter(record -> record.getModelId().equals(modelId))
                .sorted(Comparator.comparingInt(Model::getVersion).reversed()).toList();
    }

    /// @return the version after the newest that is there, usable or not; 1 where there is none
    public int nextVersion(String modelId) {
        return 1 + entries.stream().map(Entry::record).flatMap(Stream::ofNullable)
                .filter(record -> record.getModelId().equals(modelId)).mapToInt(Model::getVersion).max().orElse(0);
    }

    /// @return the version that has the last word as champion, in its time; empty where none has
    public Optional<Model> champion(String modelId) {
        return champions(modelId).findFirst();
    }

    /// @return the one that would be champion without the present one
    public Optional<Model> formerChampion(String modelId) {
        return champions(modelId).skip(1).findFirst();
    }

    /// @return the version that has the last word in a state
    public Optional<Model> latest(String modelId, State state) {
        return ranked(modelId, state).findFirst();
    }

    private Stream<Model> champions(String modelId) {
        return ranked(modelId, State.CHAMPION);
    }

    private Stream<Model> ranked(String modelId, State state) {
        return versions(modelId).stream().filter(record -> word(record).state == state)
                .sorted(Comparator.comparingLong((Model record) -> word(record).sequence).reversed()
                        .thenComparing(Comparator.comparingInt(Model::getVersion).reversed()));
    }

    /// @return whether somebody has asked for a new version, and none has come of it yet
    public boolean isToBeTrained(String modelId) {
        return retraining(modelId).isPresent();
    }

    /// @return the last event that asks for a new version, if none was decided on since
    public Optional<ModelEvent> retraining(String modelId) {
        return events.stream()
                .filter(event -> event.getModelId().equals(modelId)
                        && (event.getChange() == Change.RETRAIN || event.getChange() == Change.STATE))
                .reduce((before, after) -> after).filter(event -> event.getChange() == Change.RETRAIN);
    }

    /// @return the last word on a version
    public Standing standing(Model record) {
        Standing word = word(record);
        boolean former = word.state == State.CHAMPION
                && champion(record.getModelId()).filter(champion -> champion.getVersion() != record.getVersion())
                        .isPresent();
        return new Standing(word.state, former, word.from, word.share, word.sequence);
    }

    private Standing word(Model record) {
        Standing word = switch (record.getStatus()) {
            case ACTIVE -> new Standing(State.CHAMPION, false, record.getEffectiveFrom(), 0, 0);
            case REGISTERED -> new Standing(null, false, record.getEffectiveFrom(), 0, 0);
            case RETIRED -> new Standing(State.RETIRED, false, record.getEffectiveFrom(), 0, 0);
        };
        if (record.getStatus() == Status.RETIRED) {
            return word;
        }
        for (ModelEvent event : events) {
            if (event.getChange() == Change.STATE && isAbout(event, record)) {
                word = new Standing(event.getState(), false, event.getEffectiveFrom(), event.getShare(),
                        event.getSequence());
            }
        }
        return word;
    }

    private static boolean isAbout(ModelEvent event, Model record) {
        return event.getModelId().equals(record.getModelId())
                && Objects.equals(event.getVersion(), record.getVersion());
    }

    /// @return what was decided on a version, in its order
    public List<ModelEvent> history(Model record) {
        return events.stream().filter(event -> isAbout(event, record)).toList();
    }

    /// @return the routes by the last word on each pattern, the one to be asked first at first
    public List<Routes.Route> routes() {
        return routesAt(Long.MAX_VALUE);
    }

    /// @param timestamp event time, milliseconds since the epoch
    public List<Routes.Route> routesAt(long timestamp) {
        return Routes.of(events.stream()
                .filter(event -> event.getChange() == Change.ROUTE || event.getChange() == Change.UNROUTE)
                .map(event -> new Routes.Decision(event.getSequence(), String.valueOf(event.getPattern()),
                        event.getChange() == Change.ROUTE ? event.getModelId() : "",
                        event.getEffectiveFrom().toEpochMilli()))
                .toList()).at(timestamp);
    }
}
