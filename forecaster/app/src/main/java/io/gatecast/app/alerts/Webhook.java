package io.gatecast.app.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatecast.streams.AlertSettings.Receiver;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.InstantSource;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Tells each turn as JSON, with the headers
///
///     webhook-id, Idempotency-Key    the turn's id, in which all but visible ASCII is percent-encoded
///     webhook-timestamp              when it is sent, seconds since the epoch
///     webhook-signature              see [Signature]; only with a secret
final class Webhook implements Messenger {
    private final Receiver receiver;
    private final Post post;
    private final InstantSource clock;
    private final @Nullable Signature signature;

    Webhook(Receiver receiver, Post post, InstantSource clock) {
        this.receiver = receiver;
        this.post = post;
        this.clock = clock;
        this.signature = receiver.secret().isEmpty() ? null : new Signature(receiver.secret());
    }

    @Override
    public void tell(Turn turn, Episode episode) throws Undelivered, InterruptedException {
        byte[] body = TurnJson.of(turn);
        String id = encoded(turn.id());
        post.send(() -> request(id, body));
    }

    private HttpRequest.Builder request(String id, byte[] body) {
        long seconds = clock.instant().getEpochSecond();
        HttpRequest.Builder request = HttpRequest.newBuilder(receiver.url()).POST(BodyPublishers.ofByteArray(body))
                .header("Content-Type", "application/json").header("webhook-id", id).header("Idempotency-Key", id)
                .header("webhook-timestamp", Long.toString(seconds));
        return signature == null ? request : request.header("webhook-signature", signature.of(id, seconds, body));
    }

    /// A series id may hold anything, a header may not.
    static String encoded(String id) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : id.getBytes(UTF_8)) {
            if (each > ' ' && each < 0x7f && each != '%') {
                encoded.append((char) each);
            } else {
                encoded.append(String.format("%%%02X", each));
            }
        }
        return encoded.toString();
    }

    /// Once is enough.
    @Override
    public boolean remind(Collection<Episode> open) {
        return false;
    }
}
