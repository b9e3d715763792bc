package io.gatecast.app.page;

import io.gatecast.app.json.Json;
import io.gatecast.training.exchange.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of charts and tables, complete in one HTML file: uPlot draws, and is in the file, too.
///
/// @param title      also the window's
/// @param paragraphs what one sees, in words
public record Page(String title, List<String> paragraphs, List<Chart> charts, List<Table> tables) {
    private static final String LIBRARY = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    public Page {
        paragraphs = List.copyOf(paragraphs);
        charts = List.copyOf(charts);
        tables = List.copyOf(tables);
    }

    /// Lines over one axis.
    ///
    /// @param logarithmic whether the vertical axis is, in powers of ten; what is 0 is left out then
    /// @param bands       what is shaded between two of the lines, the widest first
    public record Chart(String title, String xLabel, String yLabel, boolean logarithmic, double[] x, List<Line> lines,
            List<Band> bands) {

        /// Nothing is shaded.
        public Chart(String title, String xLabel, String yLabel, boolean logarithmic, double[] x, List<Line> lines) {
            this(title, xLabel, yLabel, logarithmic, x, lines, List.of());
        }
    }

    /// The space between two lines, which are then but its edges.
    ///
    /// @param lower index into the chart's lines
    /// @param upper likewise
    public record Band(int lower, int upper) {}

    /// @param values one for each `x`; NaN = none
    /// @param dashed to compare with
    public record Line(String name, double[] values, boolean dashed) {
        public Line(String name, double[] values) {
            this(name, values, false);
        }

        /// What the others are compared with.
        public static Line dashed(String name, double[] values) {
            return new Line(name, values, true);
        }
    }

    /// @param rows cells of text, the first of each row naming it
    public record Table(String title, List<String> header, List<List<String>> rows) {}

    /// So that a reader sees the whole page or none.
    public void write(Path file) throws IOException {
        byte[] html = html().getBytes(StandardCharsets.UTF_8);
        WholeFile.write(file, out -> out.write(html));
    }

    String html() {
        return resource("/page/page.html").replace("/*uplot.css*/", resource(LIBRARY + "uPlot.min.css"))
                .replace("/*page.css*/", resource("/page/page.css"))
                .replace("/*uplot.js*/", resource(LIBRARY + "uPlot.iife.min.js"))
                .replace("/*page.js*/", resource("/page/page.js")).replace("\"page.json\"", json());
    }

    /// JSON within a script must not end it; what is not finite is null there, which leaves a gap.
    private String json() {
        return Json.text(this).replace("<", "\\u003c");
    }

    private static String resource(String name) {
        try (@Nullable
        InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
