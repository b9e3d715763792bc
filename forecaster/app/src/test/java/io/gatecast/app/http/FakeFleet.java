package io.gatecast.app.http;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Cause;
import io.gatecast.avro.Evaluation;
import io.gatecast.avro.Kind;
import io.gatecast.avro.Phase;
import io.gatecast.avro.Scope;
import io.gatecast.avro.Severity;
import io.gatecast.series.Forecast;
import io.gatecast.series.SeriesView;
import io.gatecast.streams.ModelStanding;
import io.gatecast.streams.query.Found;
import io.gatecast.streams.query.Holdings;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A made-up fleet: waves, and forecasts that know them. It moves on a step when it is told to.
final class FakeFleet implements Holdings {
    static final long HOUR = 3_600_000;
    private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final int HORIZON = 24;
    private static final float[] LEVELS = {0.025f, 0.1f, 0.5f, 0.9f, 0.975f};
    private static final float[] WIDTHS = {-2, -1.3f, 0, 1.3f, 2};

    private final Map<String, Float> jumps = new TreeMap<>();
    private final Map<String, Found> told = new TreeMap<>();
    private volatile int now = 300;
    private volatile boolean ready = true;

    FakeFleet(String... ids) {
        for (String id : ids) {
            jumps.put(id, 0f);
        }
    }

    /// As many made-up names.
    static FakeFleet of(int series) {
        String[] ids = new String[series];
        for (int i = 0; i < series; i++) {
            ids[i] = String.format(Locale.ROOT, "plant-%d/sensor-%03d", 1 + i % 3, i);
        }
        return new FakeFleet(ids);
    }

    /// All that a server is attached to, without anybody who may change something.
    Fleet of(ApiServer server) {
        return of(server, null);
    }

    Fleet of(ApiServer server, @Nullable Administration admin) {
        return new Fleet(this, server.lately(), () -> null,
                () -> List.of(new ModelStanding("fake", 2, ModelStanding.Role.CHAMPION, START),
                        new ModelStanding("fake", 1, ModelStanding.Role.NONE, 0)),
                admin);
    }

    void set(boolean isReady) {
        ready = isReady;
    }

    /// Answers for a series in another way.
    void tell(String id, Found answer) {
        told.put(id, answer);
    }

    private double wave(String id, int step) {
        int seed = Math.floorMod(id.hashCode(), 97);
        double noise = Math.floorMod((step * 7919 + seed * 104729) ^ step * 31, 1000) / 1000.0 - 0.5;
        return 20 + seed % 7 + (3 + seed % 4) * StrictMath.sin((step + seed) * StrictMath.PI / 12) + noise;
    }

    long time() {
        return START + now * HOUR;
    }

    /// A step, of which the listener is told.
    void advance(Events events) {
        now++;
        jumps.keySet().forEach(id -> events.forecast(id, forecast(id, now), System.currentTimeMillis(), false));
    }

    /// What went out before.
    void tellPast(Events events, int steps) {
        for (int step = now - steps; step <= now; step++) {
            for (String id : jumps.keySet()) {
                events.forecast(id, forecast(id, step), 0, true);
                if (step % 24 == 0) {
                    int version = step < now - 60 ? 1 : 2;
                    events.evaluation(id, evaluation(START + step * HOUR, version,
                            0.6 + Math.floorMod(id.hashCode() + step, 40) / 100.0));
                }
            }
        }
    }

    private static Evaluation evaluation(long end, int version, double mase) {
        return new Evaluation(Instant.ofEpochMilli(end - 24 * HOUR), Instant.ofEpochMilli(end), "fake", version, 24L,
                mase,
                1.0, 5.0, 0.5, 0.93, 0.95, 3.0, 0L, 0.2, 0.3, 1, Scope.SERIES, 1);
    }

    /// A reading far off, and its episode.
    void fail(String id, Events events, Severity severity) {
        jumps.put(id, 14f);
        double expected = wave(id, now);
        events.anomaly(id, new Anomaly(id + "@" + time(), Phase.OPENED, Instant.ofEpochMilli(time()), 0, expected + 14,
                expected, expected - 2, expected + 2, 0.97, severity, "fake", 2, Kind.IMPROBABLE,
                List.of(new Cause("channel 0", 0, 0.75, 14.5), new Cause("earlier", 13, 0.25, -0.5))), false);
    }

    private Forecast forecast(String id, int origin) {
        float[] values = new float[HORIZON * LEVELS.length];
        for (int h = 1; h <= HORIZON; h++) {
            for (int q = 0; q < LEVELS.length; q++) {
                values[(h - 1) * LEVELS.length + q] = (float) (wave(id, origin + h)
                        + WIDTHS[q] * (0.6 + 0.08 * h));
            }
        }
        return new Forecast(START + origin * HOUR, HOUR, HORIZON, 1, LEVELS, values, "fake", origin < now - 60 ? 1 : 2,
                true);
    }

    @Override
    public Found find(String seriesId, int most, boolean stale) {
        Found other = told.get(seriesId);
        if (other != null) {
            return other;
        }
        Float jump = jumps.get(seriesId);
        if (jump == null) {
            return new Found.Nowhere();
        }
        int steps = Math.min(most, now);
        long[] times = new long[steps];
        float[][] values = new float[1][steps];
        for (int i = 0; i < steps; i++) {
            int step = now - steps + 1 + i;
            times[i] = START + step * HOUR;
            values[0][i] = (float) wave(seriesId, step) + (i == steps - 1 ? jump : 0);
        }
        return new Found.Here(new SeriesView(now, time(), false, times, values, new boolean[1][steps],
                forecast(seriesId, now)));
    }

    @Override
    public Ids list(@Nullable String after, String part, int most) {
        List<String> all = jumps.keySet().stream()
                .filter(id -> (after == null || id.compareTo(after) > 0) && id.contains(part)).toList();
        return all.size() > most ? new Ids(all.subList(0, most), all.get(most - 1)) : new Ids(all, null);
    }

    @Override
    public List<Peer> peers() {
        return List.of(new Peer("127.0.0.1:1", true, List.of(0, 1), List.of()));
    }

    @Override
    public String state() {
        return ready ? "RUNNING" : "REBALANCING";
    }

    @Override
    public boolean isReady() {
        return ready;
    }
}
