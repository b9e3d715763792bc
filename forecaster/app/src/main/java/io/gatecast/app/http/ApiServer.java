package io.gatecast.app.http;

import io.gatecast.schemas.Registry;
import io.gatecast.streams.AuditTopic;
import io.gatecast.streams.StreamsRunner;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import io.gatecast.streams.query.Feed;
import io.gatecast.streams.query.Lately;
import io.gatecast.streams.query.NotReadyException;
import io.gatecast.streams.query.SeriesQuery;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers over HTTP for one instance, each request on a virtual thread. It listens from before the instance runs, so that
/// the other instances can be told where, and answers "not now" until then.
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final long LARGEST_BODY = 64 << 10;
    private static final int LARGEST_HEADERS = 16 << 10;
    private static final long MILLIS_IDLE = 30_000;
    private static final String CALLER = "gatecast.caller";
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// With every answer. A browser is told to forbid what it can.
    static final Map<String, String> HEADERS = Map.of("Content-Security-Policy", POLICY, "X-Content-Type-Options",
            "nosniff", "X-Frame-Options", "DENY", "Referrer-Policy", "no-referrer", "Cross-Origin-Opener-Policy",
            "same-origin", "Cross-Origin-Resource-Policy", "same-origin", "Permissions-Policy",
            "camera=(), geolocation=(), microphone=()", "Cache-Control", "no-store");

    private final HttpSettings settings;
    private final Access access;
    private final Lately lately = new Lately();
    private final Meters meters;
    private final Events events;
    private final Peers peers;
    private final Assets assets = new Assets();
    private final Api api;
    private final Javalin javalin;
    private volatile @Nullable Fleet fleet;
    private volatile @Nullable Feed feed;
    private volatile @Nullable Registry registry;
    private volatile @Nullable AuditTopic audit;

    /// One thing that can be asked.
    ///
    /// @param path as in `/series/{id}`
    record Route(HandlerType method, String path, Role role, Handler handler) {
        static Route get(String path, Role role, Handler handler) {
            return new Route(HandlerType.GET, path, role, handler);
        }

        static Route post(String path, Role role, Handler handler) {
            return new Route(HandlerType.POST, path, role, handler);
        }
    }

    private ApiServer(HttpSettings settings) {
        this.settings = settings;
        this.access = new Access(settings);
        this.meters = new Meters(settings.otlp());
        this.events = new Events(lately, meters);
        this.peers = new Peers(settings.tls());
        this.api = new Api(() -> this.fleet, peers);
        this.javalin = Javalin.create(this::configure);
        meters.listeners(events);
    }

    /// Begins to listen.
    ///
    /// @throws IOException with a sentence, if the port is taken or the address not this machine's
    public static ApiServer start(HttpSettings settings) throws IOException {
        ApiServer server = new ApiServer(settings);
        try {
            server.javalin.start(settings.host(), settings.port());
            return server;
        } catch (JavalinBindException e) {
            server.close();
            throw new IOException(StreamsSettings.HTTP_PORT + ": cannot listen at " + settings.host() + ":"
                    + settings.port() + ": stop what listens there or choose another port", e);
        }
    }

    /// Begins to answer for a running instance.
    ///
    /// @param running what it runs with; the topics that go out are read from now on
    /// @throws io.gatecast.schemas.RegistryException with a sentence, if the registry does not answer or refuses
    public void attach(StreamsRunner runner, StreamsSettings running) {
        Registry connection = Registry.connect(running.registry());
        registry = connection;
        TopicSerdes serdes = TopicSerdes.register(connection, running);
        String self = running.kafka().getOrDefault("application.server", "");
        Fleet attached = new Fleet(new SeriesQuery(runner, self), lately, () -> runner.judgeOf("", Long.MAX_VALUE),
                runner::standings, running.isAdministered() ? administration(connection, running, self) : null);
        meters.bind(runner, attached);
        feed = Feed.start(running, serdes, events);
        fleet = attached;
    }

    private Administration administration(Registry connection, StreamsSettings running, String self) {
        AuditTopic topic = AuditTopic.open(connection, running);
        audit = topic;
        return new Administration(ModelChanges.in(running), topic::write, self);
    }

    /// For tests, which have no broker.
    void attach(Fleet attached) {
        meters.tell(attached);
        fleet = attached;
    }

    Events events() {
        return events;
    }

    Lately lately() {
        return lately;
    }

    Meters meters() {
        return meters;
    }

    /// @return where it listens, as in `127.0.0.1:8080`
    public String address() {
        return settings.host() + ":" + javalin.port();
    }

    /// @return the same for a browser
    public String url() {
        return settings.scheme() + "://" + address();
    }

    /// @return who asks, by what they show
    static Caller caller(Context request) {
        Caller caller = request.attribute(CALLER);
        return caller == null ? Caller.NOBODY : caller;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>(List.of(Route.get("/series", Role.READ, api::series),
                Route.get("/series/{id}", Role.READ, api::oneSeries),
                Route.get("/series/{id}/forecast", Role.READ, api::forecast),
                Route.get("/anomalies", Role.READ, api::anomalies), Route.get("/models", Role.READ, api::models),
                Route.post("/models/{id}/{version}/promote", Role.ADMIN, api::promote),
                Route.post("/models/{id}/rollback", Role.ADMIN, api::rollback),
                Route.get("/fleet", Role.READ, api::total), Route.get("/healthz", Role.ANYBODY, api::healthy),
                Route.get("/readyz", Role.ANYBODY, api::ready),
                Route.get("/metrics", Role.READ, request -> request.result(meters.scrape())
                        .contentType("text/plain; version=0.0.4; charset=utf-8")),
                Route.get("/events", Role.READ, events::send)));
        assets.paths()
                .forEach(path -> routes.add(Route.get(path, Role.ANYBODY, request -> assets.serve(path, request))));
        return routes;
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.concurrency.useVirtualThreads = true;
        config.http.maxRequestSize = LARGEST_BODY;
        config.http.prefer405over404 = true;
        config.jetty.modifyHttpConfiguration(ApiServer::harden);
        config.jetty.modifyServer(server -> Barriers.raise(server, settings.rate(), LARGEST_BODY));
        config.jetty.addConnector((server, http) -> Barriers.connector(server, http, settings));
        config.jetty.modifyServletContextHandler(
                context -> context.getServletHandler().setDecodeAmbiguousURIs(true));
        config.routes.before(request -> {
            HEADERS.forEach(request::header);
            request.attribute(CALLER, access.caller(request));
        });
        for (Route route : routes()) {
            config.routes.addHttpHandler(route.method(), route.path(), request -> {
                require(request, route.role());
                route.handler().handle(request);
            });
        }
        config.routes.exception(Problem.class, (problem, request) -> problem.answer(request));
        config.routes.exception(NotReadyException.class,
                (e, request) -> Problem.notNow(String.valueOf(e.getMessage())).answer(request));
        config.routes.exception(HttpResponseException.class, ApiServer::refuse);
        config.routes.exception(HttpException.RuntimeException.class,
                (e, request) -> refuse(new HttpResponseException(e.getCode(), ""), request)); // Jetty's own
        config.routes.exception(Exception.class, ApiServer::fail);
    }

    /// That somebody who is known wanted more than they may is worth knowing.
    private void require(Context request, Role role) {
        try {
            access.require(request, caller(request), role);
        } catch (Problem problem) {
            if (role == Role.ADMIN && caller(request).may(Role.READ)) {
                api.denied(request, problem);
            }
            throw problem;
        }
    }

    /// An id may have a slash in it, which comes as %2F.
    private static void harden(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(LARGEST_HEADERS);
        http.setIdleTimeout(MILLIS_IDLE);
        http.setUriCompliance(UriCompliance.RFC3986.with("slashes",
                UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR, UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
    }

    private static void refuse(HttpResponseException e, Context request) {
        switch (e.getStatus()) {
            case 404 -> Problem.notFound("there is nothing at this path; /openapi.json tells what there is")
                    .answer(request);
            case 405 -> {
                String methods = String.join(", ", e.getDetails().values());
                new Problem(405, "Not allowed", "this can be asked with " + methods + " only").with("Allow", methods)
                        .answer(request);
            }
            case 413 -> new Problem(413, "Too large", "the request is larger than any that is understood")
                    .answer(request);
            default -> new Problem(e.getStatus(), "Not answered", "the request was not understood").answer(request);
        }
    }

    /// What went wrong is for the log alone.
    private static void fail(Exception e, Context request) {
        LOG.error("{} {} failed", request.method(), request.path(), e);
        new Problem(500, "Failed", "this instance failed to answer; its log says why").answer(request);
    }

    /// Ends what [#attach] began, before what it reads is gone; from then on the answer is "not now".
    public void detach() {
        fleet = null;
        Feed running = feed;
        if (running != null) {
            running.close();
            feed = null;
        }
        AuditTopic topic = audit;
        if (topic != null) {
            topic.close();
            audit = null;
        }
        Registry connection = registry;
        if (connection != null) {
            connection.close();
            registry = null;
        }
    }

    @Override
    public void close() {
        events.close();
        detach();
        javalin.stop();
        peers.close();
        meters.close();
    }
}
