package io.gatecast.app.alerts;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.RetryPolicyBuilder;
import io.gatecast.app.alerts.Tally.Count;
import io.gatecast.streams.AlertSettings.Patience;
import io.gatecast.streams.AlertSettings.Receiver;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Posts to one receiver. What may pass (no answer, one that comes too slowly, 408, 425, 429, 5xx) is tried again after a
/// pause that doubles from attempt to attempt, give or take a quarter, so that many who wait for one receiver do not all
/// come back at once; a receiver's `Retry-After` lengthens it, up to the longest pause that is set. Other answers, redirects
/// among them, are final: what is signed for one address is not for another.
final class Post {
    private static final Logger LOG = LoggerFactory.getLogger(Post.class);
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);
    private static final double JITTER = 0.25;

    private final Receiver receiver;
    private final Tally tally;
    private final InstantSource clock;
    private final HttpClient client;
    private final RetryPolicy<Object> retries;

    Post(Receiver receiver, Tally tally, InstantSource clock) {
        this.receiver = receiver;
        this.tally = tally;
        this.clock = clock;
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(receiver.patience().timeout()).build();
        this.retries = retries(receiver.patience());
    }

    private RetryPolicy<Object> retries(Patience patience) {
        RetryPolicyBuilder<Object> policy = RetryPolicy.builder()
                .handleIf(failure -> failure instanceof Undelivered undelivered && undelivered.mayPass())
                .withMaxAttempts(patience.attempts())
                .withDelayFnOn(context -> asked(context.getLastException()), Undelivered.class)
                .onRetry(event -> tally.count(Count.RETRIES))
                .onFailedAttempt(event -> LOG.warn("{}", String.valueOf(event.getLastException().getMessage())));
        boolean grows = patience.backoff().compareTo(patience.backoffMax()) < 0;
        return (grows
                ? policy.withBackoff(patience.backoff(), patience.backoffMax())
                : policy.withDelay(patience.backoff())).withJitter(JITTER).build();
    }

    /// @return so long that the jitter does not make it shorter than was asked for; less than nothing where nothing was
    private Duration asked(Throwable failure) {
        Duration asked = failure instanceof Undelivered undelivered ? undelivered.retryAfter() : null;
        if (asked == null || asked.compareTo(receiver.patience().backoff()) <= 0) {
            return Duration.ofNanos(-1);
        }
        Duration longest = receiver.patience().backoffMax();
        return Duration.ofNanos((long) ((asked.compareTo(longest) < 0 ? asked : longest).toNanos() / (1 - JITTER)));
    }

    /// Posts until it is taken, or patience is at an end.
    ///
    /// @param request made anew for each attempt
    void send(Supplier<HttpRequest.Builder> request) throws Undelivered, InterruptedException {
        try {
            Failsafe.with(retries).run(context -> attempt(request.get(), context.getAttemptCount() + 1));
        } catch (FailsafeException e) {
            switch (e.getCause()) {
                case InterruptedException interrupted -> throw interrupted;
                case Undelivered undelivered -> throw undelivered;
                case null, default -> throw e;
            }
        }
    }

    /// Posts once.
    void sendOnce(HttpRequest.Builder request) throws Undelivered, InterruptedException {
        attempt(request, 1);
    }

    private void attempt(HttpRequest.Builder builder, int attempt) throws Undelivered, InterruptedException {
        if (!receiver.authorization().isEmpty()) {
            builder.header("Authorization", receiver.authorization());
        }
        HttpResponse<Void> answer = answer(builder.header("User-Agent", "gatecast").build(), attempt);
        int status = answer.statusCode();
        if (status / 100 != 2) {
            boolean mayPass = status >= 500 || PASSING.contains(status);
            throw new Undelivered(receiver + " answered " + status + at(attempt), mayPass, attempt,
                    retryAfter(answer.headers().firstValue("Retry-After").orElse("")), null);
        }
    }

    /// The client's own time limit ends with the headers.
    private HttpResponse<Void> answer(HttpRequest request, int attempt) throws Undelivered, InterruptedException {
        CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request, BodyHandlers.discarding());
        Duration timeout = receiver.patience().timeout();
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new Undelivered(receiver + " did not answer within " + timeout.toMillis() + " ms" + at(attempt), true,
                    attempt, null, e);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof IOException cause)) {
                throw new IllegalStateException(receiver + ": " + e.getCause(), e);
            }
            String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new Undelivered(receiver + " cannot be reached (" + why + ")" + at(attempt), true, attempt, null, e);
        } finally {
            answer.cancel(true);
        }
    }

    private String at(int attempt) {
        return " at attempt " + attempt + " of " + receiver.patience().attempts();
    }

    /// @param value seconds, or a date
    private @Nullable Duration retryAfter(String value) {
        if (value.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        if (value.isEmpty()) {
            return null;
        }
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Duration.between(clock.instant(), date);
        } catch (DateTimeException e) {
            LOG.debug("{}: Retry-After is neither seconds nor a date: {}", receiver, value, e);
            return null;
        }
    }
}
