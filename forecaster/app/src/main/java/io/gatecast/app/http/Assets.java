package io.gatecast.app.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The dashboard's files, read once from the class path. Only what is listed here is served, so no path leads anywhere
/// else.
final class Assets {
    private static final String LIBRARY = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";

    private final Map<String, Asset> assets = new LinkedHashMap<>();

    /// A file.
    private record Asset(byte[] bytes, String type) {}

    Assets() {
        add("/", "/dashboard/index.html", HTML);
        for (String name : new String[]{"app", "api", "grid", "series", "models", "draw"}) {
            add("/assets/" + name + ".js", "/dashboard/" + name + ".js", SCRIPT);
        }
        add("/assets/dashboard.css", "/dashboard/dashboard.css", STYLE);
        add("/assets/icon.svg", "/dashboard/icon.svg", "image/svg+xml");
        add("/assets/uPlot.esm.js", LIBRARY + "uPlot.esm.js", SCRIPT);
        add("/assets/uPlot.css", LIBRARY + "uPlot.min.css", STYLE);
        add("/openapi.json", "/openapi.json", "application/json");
    }

    private void add(String path, String resource, String type) {
        assets.put(path, new Asset(read(resource), type));
    }

    private static byte[] read(String resource) {
        try (@Nullable
        InputStream in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    Iterable<String> paths() {
        return assets.keySet();
    }

    void serve(String path, Context request) {
        Asset asset = assets.get(path);
        if (asset == null) {
            throw Problem.notFound("there is nothing at " + path);
        }
        request.header("Cache-Control", "no-cache").result(asset.bytes).contentType(asset.type);
    }
}
