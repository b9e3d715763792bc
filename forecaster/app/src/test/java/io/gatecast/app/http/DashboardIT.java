package io.gatecast.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.avro.AdminAction;
import io.gatecast.avro.Severity;
import io.gatecast.streams.StreamsSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The dashboard in a real browser. Screenshots are left in `target/dashboard` for whoever changes the page to look at.
@Timeout(120)
class DashboardIT {
    private static final Path SHOTS = Path.of("target", "dashboard");
    /// How many of a canvas' pixels are drawn on.
    private static final String INKED = "(canvas => { const d = canvas.getContext('2d').getImageData(0, 0, canvas.width,"
            + " canvas.height).data; let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; })";
    private static final String ALL_DRAWN = "document.querySelectorAll('.tiles canvas').length >= 24"
            + " && [...document.querySelectorAll('.tiles canvas')].every(c => c.width && " + INKED + "(c) > 500)";

    private static final String PASSWORD = "correct horse battery".replace(' ', '-');

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path profile;
    private ApiServer server;
    private FakeFleet fleet;
    private Chromium browser;
    private final List<AdminAction> written = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws Exception {
        Optional<Path> executable = Chromium.installed();
        if (executable.isEmpty()) {
            System.out.println("DashboardIT is skipped: no chromium on the PATH; apt-get install chromium");
        }
        Assumptions.assumeTrue(executable.isPresent(), "no chromium on the PATH");
        fleet = FakeFleet.of(60);
        server = ApiServer.start(HttpSettings.of(StreamsSettings.of(Map.of("bootstrap.servers", "127.0.0.1:1",
                "schema.registry.url", "mock://dashboard", "gatecast.http.port", "0", "gatecast.http.users.admin",
                "alice:" + PASSWORD)), OptionalInt.empty()).orElseThrow());
        server.attach(fleet.of(server, new Administration(new FakeChanges(), written::add, server.address())));
        fleet.tellPast(server.events(), 150);
        browser = new Chromium(executable.get(), profile);
        browser.size(1280, 900, 1);
    }

    @AfterEach
    void close() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private void look(String hash) throws Exception {
        browser.open("http://" + server.address() + "/" + hash);
    }

    @Test
    void aFaultShowsUpAndLeadsToItsSeries() throws Exception {
        look("");
        browser.await(ALL_DRAWN);
        browser.await("document.getElementById('live').className === 'on'");
        browser.screenshot(SHOTS.resolve("fleet-light.png"));
        String before = browser.evaluate("document.querySelector('.tiles .foot').textContent").asText();
        fleet.advance(server.events());
        browser.await("document.querySelector('.tiles .foot').textContent !== " + quoted(before));
        String faulty = "plant-2/sensor-040";
        fleet.fail(faulty, server.events(), Severity.CRITICAL);
        long took = browser.await("document.querySelector('.tiles li').className === 'critical'"
                + " && document.querySelector('.tiles .name').textContent === " + quoted(faulty));
        assertTrue(took < 2000, "an episode took " + took + " ms to be seen");
        browser.await("document.querySelector('.news li').className === 'critical'");
        browser.screenshot(SHOTS.resolve("fleet-fault.png"));
        browser.evaluate("document.querySelector('.tiles a').focus()");
        browser.press("ArrowRight", 39);
        browser.await("document.activeElement === document.querySelectorAll('.tiles a')[1]");
        browser.press("ArrowLeft", 37);
        browser.press("Enter", 13);
        browser.await("document.querySelector('h1').textContent === " + quoted(faulty));
        browser.await("document.querySelector('.large canvas') && " + INKED
                + "(document.querySelector('.large canvas')) > 5000");
        browser.await("document.querySelector('.news li').className === 'critical'");
        browser.screenshot(SHOTS.resolve("series-light.png"));
        browser.press("Escape", 27);
        browser.await("document.querySelectorAll('.tiles li').length === 24");
        nothingToComplainOf();
    }

    @Test
    void everyPageFitsEveryWindowByDayAndByNight() throws Exception {
        fleet.fail("plant-1/sensor-006", server.events(), Severity.MAJOR);
        fleet.fail("plant-2/sensor-007", server.events(), Severity.MINOR);
        int[][] windows = {{380, 800}, {1280, 900}, {3840, 2160}};
        String light = "";
        for (boolean dark : List.of(false, true)) {
            browser.dark(dark);
            for (int[] window : windows) {
                browser.size(window[0], window[1], 1);
                String name = window[0] + (dark ? "-dark.png" : "-light.png");
                look("#/");
                browser.await(ALL_DRAWN);
                nothingSticksOut();
                browser.screenshot(SHOTS.resolve("fleet-" + name));
                look("#/series/plant-1%2Fsensor-006");
                browser.await("document.querySelector('.large canvas') && " + INKED
                        + "(document.querySelector('.large canvas')) > 3000");
                nothingSticksOut();
                assertEquals("observed, was forecast, 2.5 %, 97.5 %, forecast", browser.evaluate(
                        "[...document.querySelectorAll('.u-legend .u-series:not([hidden]) .u-label')]"
                                + ".map(e => e.textContent).filter(text => text !== 'time').join(', ')")
                        .asText());
                browser.screenshot(SHOTS.resolve("series-" + name));
                look("#/models");
                browser.await("document.querySelectorAll('.large canvas').length === 2");
                nothingSticksOut();
                browser.screenshot(SHOTS.resolve("models-" + name));
            }
            String ground = browser.evaluate("getComputedStyle(document.body).backgroundColor").asText();
            assertNotEquals(light, ground);
            light = ground;
        }
        nothingToComplainOf();
    }

    @Test
    void anAdminSignsInAndTakesAModelBack() throws Exception {
        look("#/models");
        browser.await("document.querySelectorAll('table.numbers tbody tr').length === 2");
        assertEquals(0, browser.evaluate("document.querySelectorAll('table.numbers button').length").asInt());
        browser.evaluate("document.querySelector('.bar button').click()");
        browser.await("document.getElementById('ask').open");
        browser.screenshot(SHOTS.resolve("sign-in.png"));
        browser.evaluate("document.getElementById('name').value = 'alice'; document.getElementById('secret').value = "
                + quoted(PASSWORD) + "; document.querySelector('#ask button').click()");
        browser.await("document.querySelectorAll('table.numbers button').length === 2");
        browser.screenshot(SHOTS.resolve("models-admin.png"));
        browser.evaluate("document.querySelector('[aria-label=\"Take fake/2 back\"]').focus()");
        browser.press("Enter", 13);
        browser.await("document.getElementById('confirm').open");
        browser.evaluate("document.getElementById('why').value = 'it was worse'");
        browser.screenshot(SHOTS.resolve("confirm.png"));
        browser.evaluate("document.getElementById('confirm-yes').click()");
        browser.await("document.querySelector('.note').textContent.startsWith('fake/1 is champion')");
        assertEquals(List.of("ASKED fake by alice: it was worse", "DONE fake by alice: it was worse"),
                written.stream().map(action -> action.getOutcome() + " " + action.getTarget() + " by "
                        + action.getBy() + ": " + action.getWhy()).toList());
        nothingToComplainOf();
    }

    private void nothingSticksOut() throws Exception {
        assertEquals(0, browser.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)").asInt(),
                "pixels beyond the window's edge");
    }

    private void nothingToComplainOf() {
        assertEquals(List.of(), browser.complaints());
        String host = server.address();
        assertEquals(List.of(), browser.requests().stream().filter(url -> !url.startsWith("about:")
                && !host.equals(URI.create(url).getAuthority())).toList());
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "\\'") + "'";
    }
}
