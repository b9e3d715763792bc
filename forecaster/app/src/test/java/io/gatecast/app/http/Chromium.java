package io.gatecast.app.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A page in headless Chromium, led by the DevTools protocol over the JDK's own WebSocket: nothing to download, and it
/// hears of every request and every message in the console.
final class Chromium implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int SECONDS = 30;

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /// @return where it is installed
    static Optional<Path> installed() {
        return Stream.of(String.valueOf(System.getenv("PATH")).split(":"))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(Path.of(folder)::resolve))
                .filter(Files::isExecutable).findFirst();
    }

    Chromium(Path executable, Path profile) throws Exception {
        process = new ProcessBuilder(executable.toString(), "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0", "--user-data-dir=" + profile,
                "about:blank").redirectErrorStream(true).redirectOutput(profile.resolve("chromium.log").toFile())
                .start();
        Path announced = profile.resolve("DevToolsActivePort");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!Files.exists(announced) || Files.readAllLines(announced).size() < 2) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IOException("Chromium does not start: " + Files.readString(profile.resolve("chromium.log")));
            }
            Thread.onSpinWait();
        }
        String port = Files.readAllLines(announced).getFirst();
        JsonNode pages = JSON.readTree(client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port
                + "/json/list")).build(), BodyHandlers.ofString()).body());
        String page = "";
        for (JsonNode each : pages) {
            page = each.get("type").asText().equals("page") ? each.get("webSocketDebuggerUrl").asText() : page;
        }
        socket = client.newWebSocketBuilder().buildAsync(URI.create(page), new Listener()).get(SECONDS,
                TimeUnit.SECONDS);
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            send(domain + ".enable", Map.of());
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }

    private void take(String message) {
        try {
            JsonNode node = JSON.readTree(message);
            if (node.has("id")) {
                CompletableFuture<JsonNode> waiting = asked.remove(node.get("id").asInt());
                if (waiting != null) {
                    waiting.complete(node);
                }
                return;
            }
            JsonNode parameters = node.get("params");
            switch (node.get("method").asText()) {
                case "Runtime.exceptionThrown" -> complaints.add(parameters.toString());
                case "Log.entryAdded" -> {
                    if (parameters.at("/entry/level").asText().equals("error")) {
                        complaints.add(parameters.toString());
                    }
                }
                case "Runtime.consoleAPICalled" -> {
                    if (List.of("error", "warning", "assert").contains(parameters.get("type").asText())) {
                        complaints.add(parameters.toString());
                    }
                }
                case "Network.requestWillBeSent" -> requests.add(parameters.at("/request/url").asText());
                default -> {
                }
            }
        } catch (IOException e) {
            complaints.add("not understood: " + message);
        }
    }

    private JsonNode send(String method, Map<String, ?> parameters) throws Exception {
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
        command.set("params", JSON.valueToTree(parameters));
        socket.sendText(JSON.writeValueAsString(command), true).get(SECONDS, TimeUnit.SECONDS);
        JsonNode node = answer.get(SECONDS, TimeUnit.SECONDS);
        if (node.has("error")) {
            throw new IOException(method + ": " + node.get("error"));
        }
        return node.get("result");
    }

    void size(int width, int height, double scale) throws Exception {
        send("Emulation.setDeviceMetricsOverride", Map.of("width", width, "height", height, "deviceScaleFactor", scale,
                "mobile", false));
    }

    void dark(boolean dark) throws Exception {
        send("Emulation.setEmulatedMedia", Map.of("features",
                List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    void open(String url) throws Exception {
        send("Page.navigate", Map.of("url", url));
    }

    /// @param name as in Tab, Enter or ArrowRight
    void press(String name, int code) throws Exception {
        for (String type : List.of("rawKeyDown", "char", "keyUp")) {
            if (!type.equals("char") || name.equals("Enter")) {
                send("Input.dispatchKeyEvent", Map.of("type", type, "key", name, "code", name,
                        "windowsVirtualKeyCode", code, "text", name.equals("Enter") ? "\r" : ""));
            }
        }
    }

    /// @return what a script comes to
    JsonNode evaluate(String script) throws Exception {
        JsonNode result = send("Runtime.evaluate", Map.of("expression", script, "awaitPromise", true, "returnByValue",
                true));
        if (result.has("exceptionDetails")) {
            throw new IOException(script + ": " + result.get("exceptionDetails"));
        }
        return result.at("/result/value");
    }

    /// Waits within the page until a script holds.
    ///
    /// @return milliseconds that it took
    long await(String condition) throws Exception {
        return evaluate("new Promise((done, fail) => { const began = performance.now(); const look = () => {"
                + " let holds; try { holds = " + condition + "; } catch (e) { holds = false; }"
                + " if (holds) done(Math.round(performance.now() - began));"
                + " else if (performance.now() - began > 20000) fail(new Error('in vain: ' + document.body.innerText.slice(0, 500)));"
                + " else setTimeout(look, 20); }; look(); })").asLong();
    }

    void screenshot(Path file) throws Exception {
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder()
                .decode(send("Page.captureScreenshot", Map.of("format", "png")).get("data").asText()));
    }

    /// @return errors and warnings of the console
    List<String> complaints() {
        return complaints;
    }

    /// @return every address that was asked for
    List<String> requests() {
        return requests;
    }

    @Override
    public void close() throws Exception {
        send("Browser.close", Map.of());
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        client.shutdownNow();
    }
}
