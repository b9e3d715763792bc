package io.gatecast.app.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatecast.app.http.Answers.Chart;
import io.gatecast.app.http.Answers.Row;
import io.gatecast.app.json.Json;
import io.gatecast.series.Forecast;
import io.gatecast.series.SeriesView;
import io.gatecast.streams.query.Found;
import io.gatecast.streams.query.Holdings;
import io.gatecast.streams.query.Holdings.Peer;
import io.gatecast.streams.query.Lately;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is answered to each request for data. A request for a series that another instance holds is passed on, one hop.
final class Api {
    private static final int MOST_ROWS = 200;
    private static final int ROWS = 50;
    private static final int MOST_STEPS = 2_000;
    private static final int STEPS = 192;
    private static final int CHART_STEPS = 64;
    private static final int MOST_TURNS = 1_000;
    private static final int TURNS = 200;
    private static final Comparator<String> BY_BYTES = (a, b) -> Arrays.compareUnsigned(
            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private final Supplier<@Nullable Fleet> running;
    private final Peers peers;

    /// @param running what is to be asked; null until the instance runs
    Api(Supplier<@Nullable Fleet> running, Peers peers) {
        this.running = running;
        this.peers = peers;
    }

    Fleet fleet() {
        Fleet fleet = running.get();
        if (fleet == null) {
            throw Problem.notNow("this instance is starting");
        }
        return fleet;
    }

    void series(Context request) {
        Fleet fleet = fleet();
        boolean charts = isYes(request, "charts");
        int limit = number(request, "limit", ROWS, 1, MOST_ROWS);
        List<String> ids = request.queryParams("id");
        String sort = word(request, "sort", "id", Set.of("id", "attention", "error"));
        Answers.SeriesPage page;
        if (!ids.isEmpty()) {
            page = rows(request, fleet, ids.stream().distinct().limit(MOST_ROWS).toList(), null, charts);
        } else if (sort.equals("id")) {
            Holdings.Ids some = ids(request, fleet, limit);
            page = rows(request, fleet, some.ids(), some.next(), charts);
        } else {
            page = ranked(request, fleet, Lately.Order.valueOf(sort.toUpperCase(Locale.ROOT)), limit, charts);
        }
        answer(request, page);
    }

    private Answers.SeriesPage ranked(Context request, Fleet fleet, Lately.Order order, int limit, boolean charts) {
        int from = number(request, "after", 0, 0, Integer.MAX_VALUE);
        String part = text(request, "q");
        List<String> ids = fleet.lately().ranked(order, part, from, limit).stream().map(Lately.Standing::seriesId)
                .toList();
        boolean more = ids.size() == limit;
        if (from == 0 && !more) { // what was not seen to be forecast since the start
            LinkedHashSet<String> all = new LinkedHashSet<>(ids);
            ids(request, fleet, limit).ids().stream().limit(limit).forEach(all::add);
            ids = all.stream().limit(limit).toList();
        }
        return rows(request, fleet, ids, more ? Integer.toString(from + limit) : null, charts);
    }

    /// Of all instances, unless one of them asks.
    private Holdings.Ids ids(Context request, Fleet fleet, int limit) {
        String after = request.queryParam("after"), part = text(request, "q");
        String start = "id".equals(request.queryParamMap().containsKey("sort") ? request.queryParam("sort") : "id")
                ? after
                : null;
        Holdings.Ids here = fleet.holdings().list(start, part, limit);
        List<Peer> others = Peers.isPassedOn(request)
                ? List.of()
                : fleet.holdings().peers().stream().filter(peer -> !peer.here() && !peer.partitions().isEmpty())
                        .toList();
        if (others.isEmpty()) {
            return here;
        }
        List<Holdings.Ids> all = new ArrayList<>(List.of(here));
        String query = "/series?limit=" + limit + (start == null ? "" : "&" + Peers.query("after", List.of(start)))
                + (part.isEmpty() ? "" : "&" + Peers.query("q", List.of(part)));
        for (Peer peer : others) {
            JsonNode page = peers.ask(request, peer.address(), query);
            if (page == null) {
                throw Problem.notNow("instance " + peer.address() + " does not answer; ask again in a moment");
            }
            List<String> ids = new ArrayList<>();
            page.get("series").forEach(row -> ids.add(row.get("id").asText()));
            all.add(new Holdings.Ids(ids, page.get("next").isNull() ? null : page.get("next").asText()));
        }
        return merged(all, limit);
    }

    /// Up to the first place at which one of them stopped, since it may hold more ids from there on.
    private static Holdings.Ids merged(List<Holdings.Ids> all, int limit) {
        String stop = all.stream().map(Holdings.Ids::next).filter(next -> next != null).min(BY_BYTES).orElse(null);
        List<String> ids = all.stream().flatMap(some -> some.ids().stream())
                .filter(id -> stop == null || BY_BYTES.compare(id, stop) <= 0).distinct().sorted(BY_BYTES).toList();
        return ids.size() > limit
                ? new Holdings.Ids(ids.subList(0, limit), ids.get(limit - 1))
                : new Holdings.Ids(ids, stop);
    }

    private Answers.SeriesPage rows(Context request, Fleet fleet, List<String> ids, @Nullable String next,
            boolean charts) {
        Map<String, Chart> drawn = charts ? charts(request, fleet, ids) : Map.of();
        List<Row> rows = new ArrayList<>();
        for (String id : ids) {
            Lately.Standing standing = fleet.lately().standing(id);
            Chart chart = drawn.get(id);
            rows.add(standing == null
                    ? new Row(id, null, null, null, null, chart)
                    : new Row(id, standing.time() == 0 ? null : standing.time(),
                            standing.version() == 0 ? null : standing.version(),
                            Answers.Episode.of(standing.episode()), Answers.Score.of(standing.evaluation()), chart));
        }
        return new Answers.SeriesPage(rows, next);
    }

    private Map<String, Chart> charts(Context request, Fleet fleet, List<String> ids) {
        Map<String, Chart> charts = new HashMap<>();
        Map<String, List<String>> elsewhere = new LinkedHashMap<>();
        for (String id : ids) {
            switch (fleet.holdings().find(id, CHART_STEPS, false)) {
                case Found.Here here -> charts.put(id, Answers.chart(here.view()));
                case Found.Elsewhere other -> elsewhere.computeIfAbsent(other.address(), a -> new ArrayList<>())
                        .add(id);
                case Found.Nowhere nowhere -> {
                }
                case Found.NotNow notNow -> {
                }
            }
        }
        if (!Peers.isPassedOn(request)) {
            elsewhere.forEach((address, theirs) -> take(peers.ask(request, address,
                    "/series?charts=true&" + Peers.query("id", theirs)), charts));
        }
        return charts;
    }

    private static void take(@Nullable JsonNode page, Map<String, Chart> charts) {
        if (page != null) {
            try {
                for (JsonNode row : page.get("series")) {
                    if (row.hasNonNull("chart")) {
                        charts.put(row.get("id").asText(), Json.read(row.get("chart"), Chart.class));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    void oneSeries(Context request) {
        int most = number(request, "steps", STEPS, 1, MOST_STEPS);
        SeriesView view = find(request, most);
        if (view != null) {
            answer(request, Answers.detail(request.pathParam("id"), view, fleet().lately()));
        }
    }

    void forecast(Context request) {
        String at = request.queryParam("at");
        SeriesView view = find(request, 1);
        if (view == null) {
            return;
        }
        Forecast forecast = view.forecast();
        if (at == null) {
            answer(request, Answers.ForecastAnswer.of(forecast));
            return;
        }
        long time = time(at, "at");
        long step = Math.ceilDiv(time - forecast.origin(), forecast.intervalMillis());
        if (step < 1 || step > forecast.horizon()) {
            throw Problem.wrong("at: expected a time after " + forecast.origin() + " and up to "
                    + forecast.timeOf(forecast.horizon()) + ", which is as far as the forecast reaches, found " + time);
        }
        answer(request, Answers.Moment.of(forecast, (int) step));
    }

    /// @return null where the request was passed on and is answered
    private @Nullable SeriesView find(Context request, int most) {
        String id = request.pathParam("id");
        switch (fleet().holdings().find(id, most, isYes(request, "stale"))) {
            case Found.Here here -> {
                return here.view();
            }
            case Found.Elsewhere elsewhere -> {
                peers.passOn(request, elsewhere.address());
                return null;
            }
            case Found.Nowhere nowhere -> throw Problem.notFound("nothing has come of a series '" + id + "'");
            case Found.NotNow notNow -> throw Problem.notNow(notNow.why());
        }
    }

    void anomalies(Context request) {
        String since = request.queryParam("since");
        int limit = number(request, "limit", TURNS, 1, MOST_TURNS);
        answer(request, new Answers.Turns(fleet().lately()
                .anomalies(since == null ? Long.MIN_VALUE : time(since, "since"), limit).stream()
                .map(turn -> Answers.Turn.of(turn.seriesId(), turn.anomaly())).toList()));
    }

    void models(Context request) {
        Fleet fleet = fleet();
        answer(request, new Answers.Models(Answers.InForce.of(fleet.newest().get()), fleet.lately().windows(),
                fleet.lately().totals().versions(),
                fleet.standings().get().stream().map(Answers.Standing::of).toList(),
                fleet.admin() != null, fleet.admin() != null && ApiServer.caller(request).may(Role.ADMIN)));
    }

    void promote(Context request) {
        administration().promote(request);
    }

    void rollback(Context request) {
        administration().rollback(request);
    }

    private Administration administration() {
        Administration admin = fleet().admin();
        if (admin == null) {
            throw Problem.notNow("this instance cannot change anything yet");
        }
        return admin;
    }

    /// Takes note of somebody who is known and may not, where it can be.
    void denied(Context request, Problem why) {
        Fleet fleet = running.get();
        Administration admin = fleet == null ? null : fleet.admin();
        if (admin != null) {
            admin.denied(request, String.valueOf(why.getMessage()));
        }
    }

    void total(Context request) {
        Fleet fleet = fleet();
        Lately.Totals totals = fleet.lately().totals();
        answer(request, new Answers.FleetAnswer(totals.series(), totals.forecasts(), totals.episodes(),
                totals.open(), totals.mase(), totals.coverage(), totals.stated(), totals.versions(),
                fleet.holdings().state(), fleet.holdings().peers()));
    }

    void ready(Context request) {
        Fleet fleet = fleet();
        if (!fleet.holdings().isReady()) {
            throw Problem.notNow("this instance is " + fleet.holdings().state().toLowerCase(Locale.ROOT));
        }
        answer(request, new Answers.Health("ready"));
    }

    void healthy(Context request) {
        Fleet fleet = running.get();
        if (fleet != null && Stream.of("ERROR", "NOT_RUNNING").anyMatch(fleet.holdings().state()::equals)) {
            throw new Problem(503, "Stopped", "this instance has stopped");
        }
        answer(request, new Answers.Health("alive"));
    }

    private static void answer(Context request, Object answer) {
        request.result(Json.write(answer)).contentType("application/json");
    }

    private static String text(Context request, String name) {
        String text = request.queryParam(name);
        return text == null ? "" : text;
    }

    private static boolean isYes(Context request, String name) {
        return word(request, name, "false", Set.of("true", "false")).equals("true");
    }

    private static String word(Context request, String name, String otherwise, Set<String> words) {
        String word = request.queryParam(name);
        if (word != null && !words.contains(word)) {
            throw Problem.wrong(name + ": expected one of " + String.join(", ", words.stream().sorted().toList())
                    + ", found '" + word + "'");
        }
        return word == null ? otherwise : word;
    }

    private static int number(Context request, String name, int otherwise, int least, int most) {
        String text = request.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) < least || Long.parseLong(text) > most) {
            throw Problem.wrong(name + ": expected a number from " + least + " to " + most + ", found '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    /// @return milliseconds since the epoch
    private static long time(String text, String name) {
        if (text.matches("-?[0-9]{1,15}")) {
            return Long.parseLong(text);
        }
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw Problem.wrong(name + ": expected milliseconds since 1970 or a time as 2026-01-31T12:00:00Z, found '"
                    + text + "'");
        }
    }
}
