package io.gatecast.app.kafka;

import io.gatecast.avro.Change;
import io.gatecast.avro.Features;
import io.gatecast.avro.Model;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.State;
import io.gatecast.schemas.Registry;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.ModelEvents;
import io.gatecast.streams.ModelRecords;
import io.gatecast.streams.ModelTopic;
import io.gatecast.streams.ModelTopic.Entry;
import io.gatecast.streams.ModelTopic.Proposal;
import io.gatecast.streams.NewestObservation;
import io.gatecast.streams.Registrations;
import io.gatecast.streams.Routes.Route;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Gives a model its version and its moment, publishes it, and decides what becomes of it. The moment lies ahead of the
/// stream, by a lead in event time, so that every instance knows before it counts; the first version of a model counts from
/// the beginning.
public final class Publisher implements AutoCloseable {
    private static final int STEPS_OF_LEAD = 10;

    private final StreamsSettings settings;
    private final Cluster cluster;
    private final Registry registry;
    private final ModelTopic models;

    private Publisher(StreamsSettings settings, Cluster cluster, Registry registry, ModelTopic models) {
        this.settings = settings;
        this.cluster = cluster;
        this.registry = registry;
        this.models = models;
    }

    /// @throws IOException with a sentence, if the cluster does not answer
    /// @throws io.gatecast.schemas.RegistryException likewise, if the registry does not
    public static Publisher open(StreamsSettings settings) throws IOException {
        Cluster cluster = Cluster.connect(settings);
        try {
            Registry registry = Registry.connect(settings.registry());
            return new Publisher(settings, cluster, registry, ModelTopic.open(cluster, registry, settings));
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /// When a model is to count.
    ///
    /// @param effectiveFrom the moment itself; null = ahead of the stream
    /// @param lead          how far ahead; null = ten steps of the model
    public record When(@Nullable Instant effectiveFrom, @Nullable Duration lead) {
        public static final When AHEAD_OF_THE_STREAM = new When(null, null);

        /// @return whether neither is said
        boolean isOpen() {
            return effectiveFrom == null && lead == null;
        }
    }

    /// @param draft whose version and moment are set here
    /// @return what was published
    public Model publish(Model draft, Wanted wanted) throws IOException {
        return publish(draft, wanted, now -> true);
    }

    /// As [#publish(Model, Wanted)], unless it is not wanted any more.
    ///
    /// @param still asked when nobody else can change models any more
    public Model publish(Model draft, Wanted wanted, Predicate<Registrations> still) throws IOException {
        ModelRecords.toModel(draft, draft.getModelId()); // refuses what cannot run
        Proposal written = models.change(now -> {
            if (!still.test(now)) {
                throw new IOException("model " + draft.getModelId() + " was trained by somebody else meanwhile:"
                        + " nothing was published");
            }
            int version = now.nextVersion(draft.getModelId());
            Instant moment = now.versions(draft.getModelId()).isEmpty() && wanted.when().isOpen()
                    ? Instant.EPOCH // nothing was judged yet
                    : moment(draft, wanted.when());
            Model record = Model.newBuilder(draft).setVersion(version).setEffectiveFrom(moment).build();
            return new Proposal(List.of(record), List.of(event(record, wanted, moment)));
        });
        return written.records().getFirst();
    }

    /// @param name as in default/3
    /// @return what was decided
    public List<ModelEvent> decide(String name, Wanted wanted) throws IOException {
        return models.change(now -> {
            Model record = find(now, name);
            return new Proposal(event(record, wanted, moment(record, wanted.when())));
        }).events();
    }

    /// @param version to go back to; null = the champion before
    /// @return what was decided
    public List<ModelEvent> rollback(String modelId, @Nullable Integer version, When when, String by, String why)
            throws IOException {
        return models.change(now -> {
            Model champion = now.champion(modelId).orElseThrow(() -> new IOException(
                    "model " + modelId + " has no champion that could be taken back; " + present(now)));
            Model before = version == null
                    ? now.formerChampion(modelId).orElseThrow(() -> new IOException("model " + modelId
                            + " has no champion before " + ModelRecords.keyOf(champion)
                            + "; name a version with --to, or promote one"))
                    : find(now, modelId + "/" + version);
            if (before.getVersion() == champion.getVersion()) {
                throw new IOException(ModelRecords.keyOf(champion) + " is the champion already");
            }
            Instant moment = moment(champion, when);
            return new Proposal(List.of(), List.of(
                    event(before, new Wanted(State.CHAMPION, 0, when, by, why), moment),
                    event(champion, new Wanted(State.RETIRED, 0, when, by, why), moment)));
        }).events();
    }

    /// @param name as in default/3
    /// @return what was decided
    public List<ModelEvent> retire(String name, When when, String by, String why) throws IOException {
        return models.change(now -> {
            Model record = find(now, name);
            boolean judges = now.champion(record.getModelId())
                    .filter(champion -> champion.getVersion() == record.getVersion()).isPresent();
            if (judges) {
                throw new IOException(name + " is the champion: promote another version first, or go back with"
                        + " gatecast models rollback " + record.getModelId());
            }
            return new Proposal(event(record, new Wanted(State.RETIRED, 0, when, by, why), moment(record, when)));
        }).events();
    }

    /// @param modelId where the series of the pattern go; null = nowhere of their own any more
    /// @return what was decided
    public List<ModelEvent> route(String pattern, @Nullable String modelId, When when, String by, String why)
            throws IOException {
        return models.change(now -> {
            Route there = now.routes().stream().filter(route -> route.pattern().equals(pattern)).findFirst()
                    .orElse(null);
            if (modelId == null && there == null) {
                throw new IOException("no route has the pattern " + pattern + "; gatecast models routes shows them");
            }
            String about = modelId == null && there != null ? there.modelId() : String.valueOf(modelId);
            Model champion = now.champion(about).orElse(null);
            if (champion == null && modelId != null) {
                throw new IOException("model " + about + " has no champion that could judge; " + present(now));
            }
            Instant moment = champion == null ? stepsAhead(0, when) : moment(champion, when);
            return new Proposal(ModelEvents
                    .draft(modelId == null ? Change.UNROUTE : Change.ROUTE, about, moment, by, why)
                    .setPattern(pattern).build());
        }).events();
    }

    /// @param name as in default/3
    /// @throws IOException with a sentence, if it is not there or cannot be used
    public Model find(String name) throws IOException {
        return find(models.registrations(), name);
    }

    private static Model find(Registrations now, String name) throws IOException {
        Entry entry = now.entries().stream().filter(each -> each.key().equals(name)).findFirst()
                .orElseThrow(() -> new IOException("model " + name + " is not in the topic; " + present(now)));
        Model record = entry.record();
        if (record == null || entry.fault() != null) {
            throw new IOException("model " + name + " cannot be used: " + entry.fault());
        }
        return record;
    }

    /// @return for a person, what is in the topic
    public static String present(Registrations now) {
        return now.entries().isEmpty()
                ? "there is none"
                : "there are " + now.entries().stream().map(Entry::key).collect(Collectors.joining(", "));
    }

    private static ModelEvent event(Model record, Wanted wanted, Instant moment) {
        ModelEvent event = ModelEvents.state(record.getModelId(), record.getVersion(), wanted.state(), wanted.share(),
                moment, wanted.by(), wanted.why());
        event.setMeasures(wanted.measures());
        return event;
    }

    private Instant moment(Model record, When when) throws IOException {
        Features features = record.getFeatures();
        return stepsAhead(features == null ? 0 : features.getIntervalMillis(), when);
    }

    private Instant stepsAhead(long intervalMillis, When when) throws IOException {
        if (when.effectiveFrom() != null) {
            return when.effectiveFrom();
        }
        OptionalLong newest = newestEventTime();
        Duration ahead = when.lead() == null ? Duration.ofMillis(STEPS_OF_LEAD * intervalMillis) : when.lead();
        return newest.isEmpty() ? Instant.EPOCH : Instant.ofEpochMilli(newest.getAsLong()).plus(ahead);
    }

    /// @return how far the stream has come; empty where there is nothing yet
    public OptionalLong newestEventTime() throws IOException {
        return NewestObservation.eventTime(settings, cluster, registry);
    }

    /// @return what the topics of models and their events hold now
    public Registrations registrations() {
        return models.registrations();
    }

    @Override
    public void close() {
        models.close();
        registry.close();
        cluster.close();
    }
}
