package io.gatecast.streams;

import io.gatecast.avro.Change;
import io.gatecast.avro.ModelEvent;
import io.gatecast.avro.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All that the topics of models and their events said up to some moment, ready to be asked who judges: a function of the
/// event's time and its series' id alone. Immutable.
final class Models {
    private final String defaultId;
    private final Set<ModelVersion> usable;
    private final Map<String, Lineage> byId;
    private final Routes routes;

    /// A version as its record has it.
    ///
    /// @param active champion from its own moment on, without an event that says so
    record Registered(ModelVersion model, boolean active) {}

    private Models(String defaultId, Set<ModelVersion> usable, Map<String, Lineage> byId, Routes routes) {
        this.defaultId = defaultId;
        this.usable = Set.copyOf(usable);
        this.byId = Map.copyOf(byId);
        this.routes = routes;
    }

    /// @param defaultId the model of series that no route leads elsewhere
    /// @param versions  those that can be used, by `modelId/version`; an event about another changes nothing
    static Models of(String defaultId, Map<String, Registered> versions, Collection<ModelEvent> events) {
        Map<String, List<Lineage.Decision>> decisions = new HashMap<>();
        versions.values().stream().filter(Registered::active).map(Registered::model).forEach(model -> decisions
                .computeIfAbsent(model.id(), id -> new ArrayList<>()).add(implied(model)));
        List<Routes.Decision> routed = new ArrayList<>();
        for (ModelEvent event : events) {
            switch (event.getChange()) {
                case STATE -> {
                    Registered version = versions.get(event.getModelId() + "/" + event.getVersion());
                    State state = event.getState();
                    if (version != null && state != null) {
                        decisions.computeIfAbsent(event.getModelId(), id -> new ArrayList<>())
                                .add(new Lineage.Decision(event.getSequence(), version.model, state, event.getShare(),
                                        event.getEffectiveFrom().toEpochMilli()));
                    }
                }
                case ROUTE, UNROUTE -> routed.add(new Routes.Decision(event.getSequence(),
                        Objects.requireNonNullElse(event.getPattern(), ""),
                        event.getChange() == Change.ROUTE ? event.getModelId() : "",
                        event.getEffectiveFrom().toEpochMilli()));
                case RETRAIN, UNKNOWN -> {
                }
            }
        }
        return new Models(defaultId, versions.values().stream().map(Registered::model).collect(Collectors.toSet()),
                decisions.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> Lineage.of(entry.getValue()))),
                Routes.of(routed));
    }

    /// Before all events; the newest version has the last word.
    private static Lineage.Decision implied(ModelVersion model) {
        return new Lineage.Decision((long) Integer.MIN_VALUE + model.version(), model, State.CHAMPION, 0,
                model.effectiveFrom());
    }

    /// @param timestamp event time, milliseconds since the epoch
    /// @return who judges a series then; null where nobody does. A route to a model that has nobody for it is passed by.
    @Nullable
    ModelVersion judge(String seriesId, long timestamp) {
        for (Routes.Route route : routes.at(timestamp)) {
            if (route.matches(seriesId)) {
                ModelVersion model = lineage(route.modelId()).judge(seriesId, timestamp);
                if (model != null) {
                    return model;
                }
            }
        }
        return lineage(defaultId).judge(seriesId, timestamp);
    }

    /// @return who runs beside the judge of a series and is only evaluated; null where nobody does
    @Nullable
    ModelVersion shadow(ModelVersion judge, long timestamp) {
        Lineage.Epoch epoch = lineage(judge.id()).at(timestamp);
        ModelVersion shadow = epoch == null ? null : epoch.shadow();
        return judge.equals(shadow) ? null : shadow;
    }

    private Lineage lineage(String id) {
        return byId.getOrDefault(id, Lineage.NONE);
    }

    /// @return for a person, who judges at an event time under each id that is asked then, who is tried, and the routes
    String describe(long timestamp) {
        List<Routes.Route> routed = routes.at(timestamp);
        String judges = Stream.concat(Stream.of(defaultId), routed.stream().map(Routes.Route::modelId)).distinct()
                .map(id -> lineage(id).at(timestamp)).filter(Objects::nonNull).map(Models::describe)
                .collect(Collectors.joining(", "));
        return (judges.isEmpty() ? "none" : judges) + routed.stream()
                .map(route -> "; " + route.pattern() + " to " + route.modelId()).collect(Collectors.joining());
    }

    private static String describe(Lineage.Epoch epoch) {
        ModelVersion canary = epoch.canary(), shadow = epoch.shadow();
        return nameOf(epoch.champion()) + (canary == null ? "" : " with canary " + nameOf(canary) + " " + epoch.share())
                + (shadow == null ? "" : " with shadow " + nameOf(shadow));
    }

    private static String nameOf(@Nullable ModelVersion model) {
        return model == null ? "none" : model.name();
    }

    /// @param timestamp newest event time; [Long#MAX_VALUE] where nothing has been judged yet
    /// @return versions of every model that have to stand ready
    Set<ModelVersion> around(long timestamp) {
        return byId.values().stream().flatMap(lineage -> lineage.around(timestamp).stream())
                .collect(Collectors.toSet());
    }

    /// @return whether a version judges any series then, or runs beside
    boolean counts(ModelVersion model, long timestamp) {
        Lineage.Epoch epoch = lineage(model.id()).at(timestamp);
        return epoch != null && epoch.all().anyMatch(model::equals);
    }

    /// @return every version, by model and then the newest first
    List<ModelStanding> standings() {
        return usable.stream()
                .map(model -> new ModelStanding(model.id(), model.version(), role(model), model.effectiveFrom()))
                .sorted(Comparator.comparing(ModelStanding::id)
                        .thenComparing(Comparator.comparingInt(ModelStanding::version).reversed()))
                .toList();
    }

    private ModelStanding.Role role(ModelVersion model) {
        Lineage.Epoch last = lineage(model.id()).at(Long.MAX_VALUE);
        if (last == null) {
            return ModelStanding.Role.NONE;
        }
        if (model.equals(last.champion())) {
            return ModelStanding.Role.CHAMPION;
        }
        if (model.equals(last.canary())) {
            return ModelStanding.Role.CANARY;
        }
        return model.equals(last.shadow()) ? ModelStanding.Role.SHADOW : ModelStanding.Role.NONE;
    }

    boolean holds(ModelVersion model) {
        return usable.contains(model);
    }
}
