package io.gatecast.app.http;

import io.gatecast.app.json.Json;
import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Evaluation;
import io.gatecast.series.Forecast;
import io.gatecast.streams.query.Feed;
import io.gatecast.streams.query.Lately;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The stream of server-sent events: each turn of an episode, and which series have moved on, a few times a second and each
/// once. A client that reads too slowly misses events, and is told so; it holds nobody up.
final class Events implements Feed.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final int MOST_CLIENTS = 64;
    private static final int MOST_WAITING = 1_000;
    private static final int MOST_MOVED = 2_000;
    private static final long HEARTBEAT_MILLIS = 10_000;
    private static final long GATHER_MILLIS = 250;

    private final Lately lately;
    private final Meters meters;
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Events(Lately lately, Meters meters) {
        this.lately = lately;
        this.meters = meters;
    }

    /// Someone who listens.
    private static final class Client {
        private final Set<String> wanted;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition some = lock.newCondition();
        private final Deque<byte[]> waiting = new ArrayDeque<>();
        private final LinkedHashSet<String> moved = new LinkedHashSet<>();
        private boolean lost;

        /// @param wanted series whose forecasts are told; empty = all
        Client(Set<String> wanted) {
            this.wanted = wanted;
        }

        void offer(byte[] event) {
            lock.lock();
            try {
                if (waiting.size() < MOST_WAITING) {
                    waiting.add(event);
                } else {
                    lost = true;
                }
                some.signal();
            } finally {
                lock.unlock();
            }
        }

        void moved(String seriesId) {
            if (!wanted.isEmpty() && !wanted.contains(seriesId)) {
                return;
            }
            lock.lock();
            try {
                if (moved.size() < MOST_MOVED) {
                    moved.add(seriesId);
                } else {
                    lost = true;
                }
                some.signal();
            } finally {
                lock.unlock();
            }
        }

        /// @return what is to be sent now, at the latest a comment that keeps the line open
        byte[] await() throws InterruptedException {
            lock.lock();
            try {
                long left = TimeUnit.MILLISECONDS.toNanos(HEARTBEAT_MILLIS);
                while (waiting.isEmpty() && moved.isEmpty() && !lost && left > 0) {
                    left = some.awaitNanos(left);
                }
                long gather = TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS);
                while (waiting.isEmpty() && gather > 0 && left > 0) { // what moves within it is told once
                    gather = some.awaitNanos(gather);
                }
                return take();
            } finally {
                lock.unlock();
            }
        }

        private byte[] take() {
            StringBuilder text = new StringBuilder();
            waiting.forEach(event -> text.append(new String(event, StandardCharsets.UTF_8)));
            if (!moved.isEmpty()) {
                text.append(event("forecasts", Map.of("series", moved)));
            }
            if (lost) {
                text.append(event("lost", Map.of("why", "more came than could be sent; look again")));
            }
            waiting.clear();
            moved.clear();
            lost = false;
            return (text.isEmpty() ? ": still here\n\n" : text.toString()).getBytes(StandardCharsets.UTF_8);
        }
    }

    private static String event(String name, Object data) {
        return "event: " + name + "\ndata: " + Json.text(data) + "\n\n";
    }

    @Override
    public void forecast(String seriesId, Forecast forecast, long writtenAt, boolean past) {
        lately.take(seriesId, forecast);
        if (!past) {
            meters.forecast(writtenAt);
            clients.forEach(client -> client.moved(seriesId));
        }
    }

    @Override
    public void anomaly(String seriesId, Anomaly anomaly, boolean past) {
        lately.take(seriesId, anomaly);
        if (!past) {
            meters.anomaly(anomaly);
            byte[] event = event("anomaly", Answers.Turn.of(seriesId, anomaly)).getBytes(StandardCharsets.UTF_8);
            clients.forEach(client -> client.offer(event));
        }
    }

    @Override
    public void evaluation(String seriesId, Evaluation evaluation) {
        lately.take(seriesId, evaluation);
    }

    /// Sends until the client goes or the server stops.
    void send(Context request) throws IOException {
        if (clients.size() >= MOST_CLIENTS) {
            throw Problem.notNow("as many listen as may, " + MOST_CLIENTS);
        }
        request.contentType("text/event-stream; charset=utf-8").header("Cache-Control", "no-store")
                .header("X-Accel-Buffering", "no");
        Client client = new Client(Set.copyOf(request.queryParams("id")));
        clients.add(client);
        try {
            OutputStream out = request.res().getOutputStream();
            out.write("retry: 2000\n\n".getBytes(StandardCharsets.UTF_8));
            request.res().flushBuffer();
            while (!closed) {
                out.write(client.await());
                request.res().flushBuffer();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("a listener has gone", e);
        } finally {
            clients.remove(client);
        }
    }

    /// @return how many listen
    int listeners() {
        return clients.size();
    }

    /// Sends everybody away.
    void close() {
        closed = true;
        clients.forEach(client -> client.offer(event("bye", Map.of()).getBytes(StandardCharsets.UTF_8)));
    }
}
