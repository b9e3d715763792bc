package io.gatecast.app.command;

import io.gatecast.app.page.Page;
import io.gatecast.app.page.Page.Chart;
import io.gatecast.app.page.Page.Line;
import io.gatecast.app.page.Page.Table;
import io.gatecast.avro.GradientNorms;
import io.gatecast.avro.Model;
import io.gatecast.avro.TrainingProgress;
import io.gatecast.avro.TrainingReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How a model was learned, as a page: from the report that its record carries, so that it can be drawn again at any
/// time.
final class TrainingPage {
    private TrainingPage() {}

    static Page of(Model model, TrainingReport report) {
        List<Chart> charts = new ArrayList<>();
        if (!report.getCourse().isEmpty()) {
            charts.add(losses(report.getCourse()));
        }
        if (!report.getGradients().isEmpty()) {
            charts.add(gradients(report.getGradients()));
        }
        if (!report.getValidationByStep().isEmpty()) {
            charts.add(steps(report.getValidationByStep()));
        }
        if (!report.getCourse().isEmpty()) {
            charts.add(rates(report.getCourse()));
        }
        return new Page("Training of " + model.getModelId() + "/" + model.getVersion(), List.of(
                String.format(Locale.ROOT,
                        "%s: %,d series, %,d steps learned from%s. %,d updates in %.0f s; the loss was"
                                + " %.4g at the end.",
                        report.getData(), report.getSeries(), report.getObservations(), range(report),
                        report.getUpdates(), report.getSeconds(), report.getLoss()),
                verdict(report),
                String.format(Locale.ROOT,
                        "%,d of %,d gradients were longer than allowed and were shortened, the longest %.3g.",
                        report.getClippedUpdates(), report.getUpdates(), report.getLargestGradient())),
                charts, List.of(choices(model, report)));
    }

    /// @return the event times learned from, in words; nothing where they are not known
    static String range(TrainingReport report) {
        return report.getFrom() == null || report.getTo() == null
                ? ""
                : ", from " + report.getFrom() + " to " + report.getTo();
    }

    private static String verdict(TrainingReport report) {
        Double mase = report.getValidationMase(), naive = report.getValidationSeasonalNaiveMase();
        return mase == null || naive == null
                ? "Nothing was held out, so nothing here says how good it is: see gatecast backtest."
                : String.format(Locale.ROOT,
                        "On the last steps of each series, which it has not learned from, its MASE is %.3f; that of the"
                                + " seasonal naive forecast is %.3f.",
                        mase, naive);
    }

    private static Chart losses(List<TrainingProgress> course) {
        double[] updates = course.stream().mapToDouble(TrainingProgress::getUpdate).toArray();
        List<Line> lines = new ArrayList<>(List.of(
                new Line("learned from", course.stream().mapToDouble(TrainingProgress::getLoss).toArray())));
        boolean heldOut = course.getFirst().getHeldOut() != null;
        if (heldOut) {
            lines.add(new Line("held out",
                    course.stream().mapToDouble(then -> orNone(then.getHeldOut())).toArray()));
        }
        return new Chart(heldOut
                ? "Loss on what is learned from, smoothed, and on what is held out"
                : "Loss, smoothed over the last updates", "update", "loss", false, updates, lines);
    }

    private static Chart rates(List<TrainingProgress> course) {
        return new Chart("Learning rate", "update", "longest step", false,
                course.stream().mapToDouble(TrainingProgress::getUpdate).toArray(), List.of(new Line("learning rate",
                        course.stream().mapToDouble(TrainingProgress::getLearningRate).toArray())));
    }

    private static double orNone(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }

    private static Chart gradients(List<GradientNorms> norms) {
        double[] updates = norms.stream().mapToDouble(GradientNorms::getUpdate).toArray();
        List<Line> lines = new ArrayList<>();
        for (String layer : new TreeSet<>(norms.getFirst().getByLayer().keySet())) {
            lines.add(new Line(layer, norms.stream().mapToDouble(each -> orNone(each.getByLayer().get(layer)))
                    .toArray()));
        }
        return new Chart("Gradient of each layer", "update", "Euclidean norm", true, updates, lines);
    }

    private static Chart steps(List<Double> errors) {
        return new Chart("Error by step ahead, on what was held out", "steps ahead", "MASE", false,
                IntStream.rangeClosed(1, errors.size()).asDoubleStream().toArray(),
                List.of(new Line("model", errors.stream().mapToDouble(Double::doubleValue).toArray())));
    }

    private static Table choices(Model model, TrainingReport report) {
        List<List<String>> rows = new ArrayList<>();
        model.getArchitecture().getLayers()
                .forEach(layer -> rows.add(List.of("layer", layer.getCell() + " " + layer.getUnits())));
        rows.add(List.of("head", String.valueOf(model.getArchitecture().getHead())));
        rows.add(List.of("levels", model.getArchitecture().getQuantiles().stream().map(String::valueOf)
                .collect(Collectors.joining(", "))));
        if (model.getFeatures() != null) {
            rows.add(List.of("seasons", String.valueOf(model.getFeatures().getSeasons())));
            rows.add(List.of("horizon", String.valueOf(model.getFeatures().getHorizon())));
        }
        for (Map.Entry<String, String> choice : new TreeMap<>(report.getChoices()).entrySet()) {
            rows.add(List.of(choice.getKey(), choice.getValue()));
        }
        return new Table("Choices", List.of("what", "chosen"), rows);
    }
}
