package io.gatecast.app.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatecast.app.page.Page.Chart;
import io.gatecast.app.page.Page.Line;
import io.gatecast.app.page.Page.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
    private static final String DATA = "<script type=\"application/json\" id=\"data\">";

    @TempDir
    Path folder;

    /// Nothing that a browser would fetch, and a policy that lets it fetch nothing.
    @Test
    void isCompleteInItself() {
        String html = page("Title").html();
        Matcher fetched = Pattern
                .compile("(?i)(<link|<img|<iframe|\\bsrc\\s*=\\s*[\"']|\\bhref\\s*=\\s*[\"']|@import|url\\(|"
                        + "XMLHttpRequest|\\bfetch\\(|new WebSocket|https?://(?!www\\.w3\\.org/)[a-z])[^\\n]{0,40}")
                .matcher(html.replaceAll("(?s)/\\*.*?\\*/", "")); // a licence's address is no address to fetch from
        assertFalse(fetched.find(), () -> "fetches: " + fetched.group());
        assertTrue(html.contains("content=\"default-src 'none'; "), "a policy");
        assertTrue(html.contains("var uPlot="), "uPlot's script");
        assertTrue(html.contains(".uplot"), "uPlot's style");
        assertTrue(html.contains("<meta name=\"viewport\""), "fits a telephone");
        assertTrue(html.contains("color-scheme: light dark"), "a dark ground where it is asked for");
    }

    @Test
    void noPlaceIsLeftUnfilled() {
        String html = page("Title").html();
        for (String place : List.of("/*uplot.css*/", "/*page.css*/", "/*uplot.js*/", "/*page.js*/", "\"page.json\"")) {
            assertFalse(html.contains(place), place);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"</script><script>alert(1)</script>", "<!--<script>", "\"quoted\" and 'so'", "back\\slash",
            "/*page.js*/ /*uplot.css*/ \"page.json\"", "$1 \\$0", "line\nbreak \u2028", "ohm Ω, ∂h", "NaN", "\"NaN\""})
    void anyTextComesThroughAsTextAndNoMore(String text) throws IOException {
        Page page = new Page(text, List.of(text), List.of(chart(text, 1, 2)),
                List.of(new Table(text, List.of(text), List.of(List.of(text)))));
        assertEquals(count("<script", page("Title").html()), count("<script", page.html()));
        assertEquals(count("</script", page("Title").html()), count("</script", page.html()));
        JsonNode data = data(page);
        Stream.of("/title", "/paragraphs/0", "/charts/0/title", "/charts/0/xLabel", "/charts/0/yLabel",
                "/charts/0/lines/0/name", "/tables/0/title", "/tables/0/header/0", "/tables/0/rows/0/0")
                .forEach(place -> assertEquals(text, data.at(place).textValue(), place));
    }

    @Test
    void whatIsNotFiniteIsAGap() throws IOException {
        JsonNode values = data(new Page("Title", List.of(), List.of(
                chart("c", 0, Double.NaN, 1e-300, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -2.5)),
                List.of()))
                .at("/charts/0/lines/0/values");
        assertEquals("[0.0,null,1.0E-300,null,null,-2.5]", values.toString());
    }

    @Test
    void isWrittenAsAWholeInPlaceOfAnOlderOne() throws IOException {
        Path file = Files.writeString(folder.resolve("page.html"), "older");
        Page page = page("Ωmega");
        page.write(file);
        assertEquals(page.html(), Files.readString(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList(), "nothing is left beside it");
        }
    }

    private static Page page(String title) {
        return new Page(title, List.of("One sees."), List.of(chart("Chart", 1, 0)), List.of());
    }

    private static Chart chart(String text, double... values) {
        double[] x = new double[values.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
        }
        return new Chart(text, text, text, true, x, List.of(new Line(text, values)));
    }

    private static JsonNode data(Page page) throws IOException {
        String html = page.html();
        int start = html.indexOf(DATA) + DATA.length();
        return new ObjectMapper().readTree(html.substring(start, html.indexOf("</script", start)));
    }

    private static int count(String part, String whole) {
        return whole.split(Pattern.quote(part), -1).length - 1;
    }
}
