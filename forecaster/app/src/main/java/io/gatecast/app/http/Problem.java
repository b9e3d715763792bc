package io.gatecast.app.http;

import io.gatecast.app.json.Json;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;

/// Why a request is not answered, as RFC 9457 has it told: status, title, and a sentence for a person. Nothing of the inside
/// is told.
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;
    /// Media type of RFC 9457.
    static final String TYPE = "application/problem+json";
    private static final int NOT_NOW = 503;

    private final int status;
    private final String title;
    private final LinkedHashMap<String, String> headers = new LinkedHashMap<>();

    /// @param detail a sentence: what was expected, what to do
    Problem(int status, String title, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.title = title;
    }

    static Problem wrong(String detail) {
        return new Problem(400, "Not understood", detail);
    }

    static Problem notFound(String detail) {
        return new Problem(404, "Not found", detail);
    }

    static Problem notNow(String detail) {
        return new Problem(NOT_NOW, "Not now", detail).with("Retry-After", "1");
    }

    Problem with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    void answer(Context request) {
        headers.forEach(request::header);
        request.status(status).result(body(status, title, String.valueOf(getMessage()))).contentType(TYPE);
    }

    int status() {
        return status;
    }

    static byte[] body(int status, String title, String detail) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", title);
        body.put("status", status);
        body.put("detail", detail);
        return Json.write(body);
    }
}
