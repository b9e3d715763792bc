package io.gatecast.app.http;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Kind;
import io.gatecast.avro.Phase;
import io.gatecast.avro.Severity;
import io.gatecast.streams.Counters;
import io.gatecast.streams.Reason;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.Timings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// All metrics as Prometheus reads them: Gatecast's, named `gatecast_*`, beside those of Kafka Streams, its clients and
/// the JVM. Gatecast's by their names for Prometheus:
///
///     gatecast_observations_total{outcome}      accepted, duplicate, late, unjudged, dead-letter
///     gatecast_dead_letters_total{reason}       those set aside, by reason
///     gatecast_filled_steps_total               steps without an observation that were filled in
///     gatecast_rewarms_total                    series replayed through another model
///     gatecast_step_seconds{of}                 an observation through the network, mean and max of late, slowest thread
///     gatecast_rewarm_seconds{of}               the same with the replay of its series through another model
///     gatecast_models_total{outcome}            records of the models topic: applied, refused, late
///     gatecast_swap_time_seconds_count, _sum    models that tasks have taken up, and for how long that held up the stream
///     gatecast_swap_time_longest_seconds        the longest of them since the start
///     gatecast_unreadable_states_total          stored states that could not be read
///     gatecast_forecasts_total                  that went out, of the whole fleet
///     gatecast_forecast_latency_seconds         event time to forecast seen, whole fleet, histogram; of a replay, its age
///     gatecast_anomalies_total{kind,severity,phase}  turns of episodes, whole fleet
///     gatecast_open_episodes                    whole fleet
///     gatecast_fleet_series                     seen to be forecast
///     gatecast_fleet_mase, gatecast_fleet_coverage, gatecast_fleet_stated_coverage  means over newest evaluations
///     gatecast_model_version                    the newest that this instance holds
///     gatecast_ready                            1 while it judges observations
///     gatecast_http_listeners                   clients of the stream of events
final class Meters implements AutoCloseable {
    private static final Duration COUNTED_ANEW = Duration.ofMillis(500);

    private final PrometheusMeterRegistry scraped = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CompositeMeterRegistry registry = new CompositeMeterRegistry();
    private final Counter forecasts;
    private final Timer latency;
    private @Nullable KafkaStreamsMetrics kafka;

    /// @param otlp where they are sent, too; null = nowhere
    Meters(@Nullable Otlp otlp) {
        registry.add(scraped);
        if (otlp != null) {
            registry.add(otlp.open());
        }
        forecasts = Counter.builder("gatecast.forecasts").description("Forecasts that went out, of the whole fleet")
                .register(registry);
        latency = Timer.builder("gatecast.forecast.latency")
                .description("From an observation's event time until its forecast is seen")
                .serviceLevelObjectives(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
                        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5),
                        Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1))
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        for (Kind kind : Kind.values()) { // so that there is a 0 to see before the first one
            for (Severity severity : Severity.values()) {
                for (Phase phase : Phase.values()) {
                    turns(kind, severity, phase);
                }
            }
        }
    }

    private Counter turns(Kind kind, Severity severity, Phase phase) {
        return Counter.builder("gatecast.anomalies").description("Turns of episodes, of the whole fleet")
                .tags("kind", small(kind), "severity", small(severity), "phase", small(phase)).register(registry);
    }

    /// Begins to tell of a running instance.
    void bind(StreamsRunner runner, Fleet fleet) {
        kafka = new KafkaStreamsMetrics(runner.kafka());
        kafka.bindTo(registry);
        count(runner::metrics);
        time(runner::timings);
        tell(fleet);
    }

    /// What the topology has counted.
    void count(Supplier<Counters> source) {
        Recent<Counters> counted = new Recent<>(source);
        outcome(counted, "accepted", Counters::accepted);
        outcome(counted, "duplicate", Counters::duplicates);
        outcome(counted, "late", Counters::late);
        outcome(counted, "unjudged", Counters::unjudged);
        outcome(counted, "dead-letter", Counters::deadLetters);
        for (Reason reason : Reason.values()) {
            counter("gatecast.dead.letters", "Observations set aside, by reason", Tags.of("reason", reason.text()),
                    counted, counters -> counters.reasons().getOrDefault(reason.text(), 0L));
        }
        counter("gatecast.filled.steps", "Steps without an observation that were filled in", Tags.empty(), counted,
                Counters::filled);
        counter("gatecast.rewarms", "Series replayed through another model", Tags.empty(), counted,
                Counters::rewarmed);
        counter("gatecast.models", "Records of the models topic", Tags.of("outcome", "applied"), counted,
                Counters::modelsApplied);
        counter("gatecast.models", "Records of the models topic", Tags.of("outcome", "refused"), counted,
                Counters::modelsRefused);
        counter("gatecast.models", "Records of the models topic", Tags.of("outcome", "late"), counted,
                Counters::lateModels);
        counter("gatecast.unreadable.states", "Stored states that could not be read", Tags.empty(), counted,
                Counters::unreadableStates);
        FunctionTimer.builder("gatecast.swap.time", registry, any -> counted.get().swaps(),
                any -> counted.get().swapMillis(), TimeUnit.MILLISECONDS)
                .description("Models that tasks have taken up, for how long that held up the stream")
                .register(registry);
        TimeGauge.builder("gatecast.swap.time.longest", counted, TimeUnit.MILLISECONDS,
                c -> c.get().longestSwapMillis()).description("The longest time that a model held up the stream")
                .strongReference(true).register(registry);
    }

    /// Walks all of Kafka's metrics once for all that are asked of it at a time.
    private static final class Recent<T> implements Supplier<T> {
        private final Supplier<T> source;
        private @Nullable T found;
        private long at;

        Recent(Supplier<T> source) {
            this.source = source;
        }

        @Override
        public synchronized T get() {
            @Nullable
            T known = found;
            if (known == null || System.nanoTime() - at > COUNTED_ANEW.toNanos()) {
                known = source.get();
                found = known;
                at = System.nanoTime();
            }
            return known;
        }
    }

    /// How long things take in the topology.
    void time(Supplier<Timings> walk) {
        Recent<Timings> source = new Recent<>(walk);
        time("gatecast.step.seconds", "An observation through the network", source, Timings::step);
        time("gatecast.rewarm.seconds", "The same with the replay of its series through another model", source,
                Timings::rewarm);
    }

    private void time(String name, String meaning, Supplier<Timings> source, Function<Timings, Timings.Span> span) {
        Gauge.builder(name, source, s -> span.apply(s.get()).mean()).tags("of", "mean").description(meaning)
                .strongReference(true).register(registry);
        Gauge.builder(name, source, s -> span.apply(s.get()).max()).tags("of", "max").description(meaning)
                .strongReference(true).register(registry);
    }

    private void outcome(Recent<Counters> counted, String outcome, ToLongFunction<Counters> value) {
        counter("gatecast.observations", "Observations by what became of them", Tags.of("outcome", outcome), counted,
                value);
    }

    /// Micrometer holds the object by a weak reference, and a counter whose object is gone stands still: the function holds what
    /// is asked, and the object is one that stays.
    private void counter(String name, String meaning, Tags tags, Recent<Counters> counted,
            ToLongFunction<Counters> value) {
        FunctionCounter.builder(name, registry, any -> value.applyAsLong(counted.get())).description(meaning).tags(tags)
                .register(registry);
    }

    /// What is known of the fleet.
    void tell(Fleet fleet) {
        gauge("gatecast.open.episodes", "Episodes that are open, whole fleet", fleet,
                f -> f.lately().totals().open().values().stream().mapToInt(Integer::intValue).sum());
        gauge("gatecast.fleet.series", "Series seen to be forecast", fleet, f -> f.lately().totals().series());
        gauge("gatecast.fleet.mase", "Mean of the newest evaluations, whole fleet", fleet,
                f -> known(f.lately().totals().mase()));
        gauge("gatecast.fleet.coverage", "Mean of the newest evaluations, whole fleet", fleet,
                f -> known(f.lately().totals().coverage()));
        gauge("gatecast.fleet.stated.coverage", "What coverage should be", fleet,
                f -> known(f.lately().totals().stated()));
        gauge("gatecast.model.version", "Newest version of the model that this instance holds", fleet, f -> {
            var newest = f.newest().get();
            return newest == null ? 0 : newest.version();
        });
        gauge("gatecast.ready", "1 while it judges observations", fleet, f -> f.holdings().isReady() ? 1 : 0);
    }

    private static double known(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }

    private void gauge(String name, String meaning, Fleet fleet, ToDoubleFunction<Fleet> value) {
        Gauge.builder(name, fleet, value).description(meaning).strongReference(true).register(registry);
    }

    /// @param events whose listeners are counted
    void listeners(Events events) {
        Gauge.builder("gatecast.http.listeners", events, Events::listeners)
                .description("Clients of the stream of events").strongReference(true).register(registry);
    }

    /// Counts a forecast that was seen to go out.
    ///
    /// @param eventTime of its observation, milliseconds since the epoch
    void forecast(long eventTime) {
        forecasts.increment();
        latency.record(Math.max(0, System.currentTimeMillis() - eventTime), TimeUnit.MILLISECONDS);
    }

    /// Counts a turn of an episode that was seen to go out.
    void anomaly(Anomaly anomaly) {
        turns(anomaly.getKind(), anomaly.getSeverity(), anomaly.getPhase()).increment();
    }

    private static String small(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    String scrape() {
        return scraped.scrape();
    }

    @Override
    public void close() {
        if (kafka != null) {
            kafka.close();
        }
        Set.copyOf(registry.getRegistries()).forEach(MeterRegistry::close);
        registry.close();
    }
}
