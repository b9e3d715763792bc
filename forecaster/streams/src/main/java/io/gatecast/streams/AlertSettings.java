package io.gatecast.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatecast.avro.Anomaly;
import io.gatecast.avro.Kind;
import io.gatecast.avro.Severity;
import io.gatecast.schemas.Topics;
import io.gatecast.series.AlarmBudget;
import io.gatecast.streams.StreamsSettings.Source;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Whom anomalies are told to, and what people say of them. Of a settings file:
///
///     gatecast.alerts.per-day                    how many a thousand series may raise together; "auto", one in 8,000 steps
///     gatecast.alerts.per-day.except             others for some series, as in "pump-.*=5; test-.*=0"; none
///     gatecast.mutes.topic                       who is muted and when; "mutes"
///     gatecast.labels.topic                      which episodes were ones; "labels"
///     gatecast.alerts.dead-letters.topic         what could not be delivered; the anomalies' topic with `.undelivered`
///     gatecast.alerts.webhook.url                receivers of JSON, separated by commas; none
///     gatecast.alerts.webhook.secret             that signs what is sent; none = it is not signed
///     gatecast.alerts.alertmanager.url           Alertmanagers, all of a cluster, separated by commas; none
///     gatecast.alerts.alertmanager.resend        how often what is open is said again; "1m"
///
/// and of each of webhook and alertmanager:
///
///     .authorization    value of the header Authorization, verbatim; none
///     .timeout          how long an answer may take; "10s"
///     .attempts         how often it is tried in all; 10
///     .backoff          pause after the first attempt, doubled after each; "500ms"
///     .backoff.max      the longest pause; "30s"
///     .severity         the least: "minor", "major" or "critical"
///     .kinds            of anomalies, separated by commas; "all"
///     .series           regular expression that a series id must match as a whole; ".*"
///
/// @param budget           how many are raised
/// @param mutesTopic       its name
/// @param labelsTopic      its name
/// @param deadLettersTopic its name
/// @param receivers        in the order of the file, webhooks first
public record AlertSettings(AlarmBudget budget, String mutesTopic, String labelsTopic, String deadLettersTopic,
        List<Receiver> receivers) {
    public static final String MUTES = "gatecast.mutes.topic";
    public static final String LABELS = "gatecast.labels.topic";
    public static final String DEAD_LETTERS = "gatecast.alerts.dead-letters.topic";
    private static final String ALERTS = "gatecast.alerts.";
    private static final String PER_DAY = ALERTS + "per-day";
    private static final String EXCEPT = PER_DAY + ".except";
    private static final String AUTO = "auto";
    private static final String SECRET = ALERTS + "webhook.secret";
    private static final String RESEND = ALERTS + "alertmanager.resend";
    private static final String UNDELIVERED_SUFFIX = ".undelivered";
    private static final String ALL = "all";
    private static final Map<String, String> OF_EACH = Map.of(".url", "", ".authorization", "", ".timeout", "10s",
            ".attempts", "10", ".backoff", "500ms", ".backoff.max", "30s", ".severity", "minor", ".kinds", ALL,
            ".series", ".*");

    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final String EXPECTED_URL = "expected addresses such as https://host/path, found '";

    static final Map<String, String> DEFAULTS = defaults();

    /// What a receiver understands.
    public enum Protocol {
        WEBHOOK, ALERTMANAGER;

        /// @return as in the keys
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One to be told.
    ///
    /// @param url           where; of an Alertmanager, its root
    /// @param patience      with it
    /// @param authorization value of a header; empty = none
    /// @param secret        that signs; empty = none
    /// @param resend        how often an Alertmanager hears again what is open
    /// @param filter        what it wants to hear
    public record Receiver(Protocol protocol, URI url, Patience patience, String authorization, String secret,
            Duration resend, Filter filter) {

        /// @return a name that stays as long as the address does
        public String id() {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(url.toString().getBytes(UTF_8));
                return protocol.text() + "-" + HexFormat.of().formatHex(hash, 0, Integer.BYTES);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        /// Credentials are not for logs, and an address may be one.
        @Override
        public String toString() {
            return id() + " at " + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
        }
    }

    /// @param timeout    of an answer
    /// @param attempts   in all
    /// @param backoff    pause after the first attempt
    /// @param backoffMax the longest
    public record Patience(Duration timeout, int attempts, Duration backoff, Duration backoffMax) {
        /// @return the longest that one delivery can take
        public Duration worst() {
            return timeout.multipliedBy(attempts).plus(backoffMax.multipliedBy(2L * attempts));
        }
    }

    /// What a receiver wants to hear.
    ///
    /// @param least  severity
    /// @param series regular expression
    public record Filter(Severity least, Set<Kind> kinds, Pattern series) {
        public boolean passes(String seriesId, Anomaly turn) {
            return turn.getSeverity().compareTo(least) >= 0 && kinds.contains(turn.getKind())
                    && series.matcher(seriesId).matches();
        }
    }

    public AlertSettings {
        receivers = List.copyOf(receivers);
    }

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new HashMap<>(Map.of(MUTES, Topics.MUTES.name(), LABELS, Topics.LABELS.name(),
                DEAD_LETTERS, "", SECRET, "", RESEND, "1m", PER_DAY, AUTO, EXCEPT, ""));
        for (Protocol protocol : Protocol.values()) {
            OF_EACH.forEach((key, value) -> defaults.put(ALERTS + protocol.text() + key, value));
        }
        return Map.copyOf(defaults);
    }

    /// @param own       every key of Gatecast's, defaults included
    /// @param anomalies the topic of anomalies
    /// @throws IllegalArgumentException with one sentence that names the key
    static AlertSettings of(Map<String, String> own, String anomalies, Source source) {
        List<Receiver> receivers = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            receivers.addAll(new Reading(own, source).receivers(protocol));
        }
        String deadLetters = own.getOrDefault(DEAD_LETTERS, "");
        return new AlertSettings(new Reading(own, source).budget(), own.getOrDefault(MUTES, ""),
                own.getOrDefault(LABELS, ""),
                deadLetters.isEmpty() ? anomalies + UNDELIVERED_SUFFIX : deadLetters, receivers);
    }

    /// Turns words into settings.
    private record Reading(Map<String, String> own, Source source) {

        List<Receiver> receivers(Protocol protocol) {
            String prefix = ALERTS + protocol.text();
            Patience patience = patience(prefix);
            Filter filter = filter(prefix);
            Duration resend = span(RESEND);
            String secret = protocol == Protocol.WEBHOOK ? value(SECRET) : "";
            return urls(prefix + ".url").stream().map(url -> new Receiver(protocol, url, patience,
                    value(prefix + ".authorization"), secret, resend, filter)).toList();
        }

        AlarmBudget budget() {
            OptionalDouble perDay = value(PER_DAY).equals(AUTO)
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(rate(PER_DAY, value(PER_DAY)));
            List<AlarmBudget.Other> others = new ArrayList<>();
            for (String part : value(EXCEPT).split(";", -1)) {
                if (!part.isBlank()) {
                    int equals = part.lastIndexOf('=');
                    if (equals < 0) {
                        throw source.refused(EXCEPT, "expected REGEX=NUMBER, separated by semicolons, found '"
                                + part.strip() + "'");
                    }
                    others.add(new AlarmBudget.Other(pattern(EXCEPT, part.substring(0, equals).strip()),
                            rate(EXCEPT, part.substring(equals + 1).strip())));
                }
            }
            return new AlarmBudget(perDay, others);
        }

        private double rate(String key, String text) {
            if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
                throw source.refused(key, "expected a number of alarms, at least 0, found '" + text + "'");
            }
            return Double.parseDouble(text);
        }

        private Patience patience(String prefix) {
            String attempts = value(prefix + ".attempts");
            if (!attempts.matches("[1-9][0-9]{0,3}")) {
                throw source.refused(prefix + ".attempts",
                        "expected a number from 1 to 9999, found '" + attempts + "'");
            }
            Duration backoff = span(prefix + ".backoff"), longest = span(prefix + ".backoff.max");
            if (longest.compareTo(backoff) < 0) {
                throw source.refused(prefix + ".backoff.max", "expected at least the " + Spans.text(backoff) + " of "
                        + prefix + ".backoff, found " + Spans.text(longest));
            }
            return new Patience(span(prefix + ".timeout"), Integer.parseInt(attempts), backoff, longest);
        }

        private Filter filter(String prefix) {
            Set<Kind> kinds = EnumSet.noneOf(Kind.class);
            for (String word : words(prefix + ".kinds")) {
                kinds.addAll(word.equals(ALL)
                        ? EnumSet.allOf(Kind.class)
                        : EnumSet.of(constant(Kind.class, prefix + ".kinds", word)));
            }
            return new Filter(constant(Severity.class, prefix + ".severity", value(prefix + ".severity")), kinds,
                    pattern(prefix + ".series", value(prefix + ".series")));
        }

        private <E extends Enum<E>> E constant(Class<E> type, String key, String word) {
            for (E constant : type.getEnumConstants()) {
                if (constant.name().equalsIgnoreCase(word)) {
                    return constant;
                }
            }
            throw source.refused(key, "expected " + String.join(", ", Arrays.stream(type.getEnumConstants())
                    .map(each -> each.name().toLowerCase(Locale.ROOT)).toList()) + ", found '" + word + "'");
        }

        private Pattern pattern(String key, String text) {
            try {
                return Pattern.compile(text);
            } catch (PatternSyntaxException e) {
                throw source.refused(key, "expected a regular expression, found '" + text + "': "
                        + e.getDescription());
            }
        }

        private List<URI> urls(String key) {
            return words(key).stream().map(word -> url(key, word)).distinct().toList();
        }

        private URI url(String key, String word) {
            try {
                URI url = new URI(word);
                if (url.getHost() != null && SCHEMES.contains(String.valueOf(url.getScheme()))) {
                    return url;
                }
            } catch (URISyntaxException e) {
                throw source.refused(key, EXPECTED_URL + word + "': " + e.getReason());
            }
            throw source.refused(key, EXPECTED_URL + word + "'");
        }

        private List<String> words(String key) {
            return Arrays.stream(value(key).split(",", -1)).map(String::strip).filter(word -> !word.isEmpty())
                    .toList();
        }

        private Duration span(String key) {
            return Spans.parse(value(key)).orElseThrow(
                    () -> source.refused(key, "expected " + Spans.EXPECTED + ", found '" + value(key) + "'"));
        }

        private String value(String key) {
            return own.getOrDefault(key, "");
        }
    }
}
