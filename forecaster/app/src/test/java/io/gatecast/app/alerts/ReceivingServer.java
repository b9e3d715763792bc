package io.gatecast.app.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A receiver on loopback that answers as it was told.
final class ReceivingServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    /// @param status 0 = none, until the server is closed
    private record Answer(int status, Map<String, String> headers) {}

    /// What came.
    record Request(String method, String path, Map<String, List<String>> headers, String body) {
        @Nullable
        String header(String name) {
            return headers.entrySet().stream().filter(each -> each.getKey().equalsIgnoreCase(name))
                    .map(each -> each.getValue().getFirst()).findFirst().orElse(null);
        }
    }

    private ReceivingServer(HttpServer server) {
        this.server = server;
    }

    static ReceivingServer start() throws IOException {
        return start(0);
    }

    static ReceivingServer start(int port) throws IOException {
        ReceivingServer receiving = new ReceivingServer(
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
        receiving.server.setExecutor(receiving.threads);
        receiving.server.createContext("/", receiving::answer);
        receiving.server.start();
        return receiving;
    }

    private void answer(HttpExchange exchange) throws IOException {
        Answer answer = answers.poll();
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        requests.add(new Request(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
                Map.copyOf(exchange.getRequestHeaders()), body));
        if (answer != null && answer.status == 0) {
            try {
                closing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else if (answer != null) {
            answer.headers.forEach(exchange.getResponseHeaders()::add);
        }
        exchange.sendResponseHeaders(answer == null || answer.status == 0 ? 200 : answer.status, -1);
        exchange.close();
    }

    /// The next requests are answered so, in this order; those after them with 200.
    void willAnswer(int... statuses) {
        for (int status : statuses) {
            answers.add(new Answer(status, Map.of()));
        }
    }

    void willAnswer(int status, Map<String, String> headers) {
        answers.add(new Answer(status, headers));
    }

    /// @return the next request that comes
    Request take() throws InterruptedException {
        Request request = requests.poll(30, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("waited 30 s in vain for a request");
        }
        return request;
    }

    int waiting() {
        return requests.size();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
