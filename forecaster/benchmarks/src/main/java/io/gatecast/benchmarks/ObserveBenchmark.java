package io.gatecast.benchmarks;

import io.gatecast.avro.Forecast;
import io.gatecast.benchmarks.pipeline.Load;
import io.gatecast.schemas.AvroSerde;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.RegistryException;
import io.gatecast.series.AnomalyEvent;
import io.gatecast.series.Observation;
import io.gatecast.series.Outcome;
import io.gatecast.series.SeriesForecaster;
import io.gatecast.series.SeriesState;
import io.gatecast.series.StoredSeries;
import io.gatecast.streams.SeriesRecords;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.Serde;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// An event without Kafka: a full window, hours with a day and a week, 24 steps at three quantiles.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls setup first
public class ObserveBenchmark {
    private static final int SERIES = 64;
    private static final double FAR = 1000;

    @Param({"64"})
    private int hidden;

    private Load load;
    private SeriesForecaster forecaster;
    private SeriesState[] states;
    private StoredSeries[] stored;
    private io.gatecast.series.Forecast forecast;
    private Serde<Forecast> forecasts;
    private Serde<io.gatecast.avro.Observation> observations;
    private byte[] sent;
    private int index;

    @Setup(Level.Trial)
    public void warm() throws RegistryException {
        load = new Load(SERIES, 0, 0, hidden, 1);
        forecaster = new SeriesForecaster(load.model());
        Load.Warmed warmed = load.warmed();
        states = warmed.states().toArray(SeriesState[]::new);
        stored = warmed.stored().toArray(StoredSeries[]::new);
        forecast = warmed.forecasts().getFirst();
        Registry registry = Registry.connect(Map.of("schema.registry.url", "mock://jmh"));
        forecasts = new AvroSerde<>(registry, "forecasts", Forecast.class);
        observations = new AvroSerde<>(registry, "observations", io.gatecast.avro.Observation.class);
        sent = observations.serializer().serialize("observations", load.record(0));
    }

    @Benchmark
    public Outcome observe() {
        int now = index++;
        Observation observation = load.observation(now);
        return forecaster.observe(states[now % SERIES], observation);
    }

    /// An observation far from what was forecast, which opens an episode and has its causes sought; [#decode] and an
    /// [#observe] are in it.
    @Benchmark
    public AnomalyEvent opening() {
        int now = index++ % SERIES;
        Observation usual = load.observation(now);
        double[] far = {usual.values()[0] + FAR};
        Outcome outcome = forecaster.observe(forecaster.open("sensor", stored[now]),
                new Observation(usual.timestamp(), far));
        return outcome instanceof Outcome.Forecasted made && made.anomaly() instanceof AnomalyEvent opened
                ? opened
                : refuse(outcome);
    }

    private static AnomalyEvent refuse(Outcome outcome) {
        throw new IllegalStateException("expected an opening, found " + outcome);
    }

    /// What [#observe] spends on making its observation.
    @Benchmark
    public Observation load() {
        return load.observation(index++);
    }

    @Benchmark
    public StoredSeries encode() {
        return states[index++ % SERIES].toStore();
    }

    @Benchmark
    public SeriesState decode() {
        return forecaster.open("sensor", stored[index++ % SERIES]);
    }

    @Benchmark
    public byte[] writeForecast() {
        return forecasts.serializer().serialize("forecasts", SeriesRecords.toRecord(forecast));
    }

    @Benchmark
    public Observation readObservation() {
        return SeriesRecords.toObservation(observations.deserializer().deserialize("observations", sent));
    }
}
