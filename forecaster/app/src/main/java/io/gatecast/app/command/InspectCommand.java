package io.gatecast.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatecast.app.command.mixin.InstanceOptions;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.look.ApiClient;
import io.gatecast.app.look.FanText;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// One series, as a running instance sees it.
@Command(name = "inspect", mixinStandardHelpOptions = true, sortOptions = false, description = "Show what a running instance knows and forecasts of one series.")
public final class InspectCommand implements Callable<Integer> {
    private static final int HEIGHT = 16;
    private static final int NARROWEST = 30;

    @Parameters(paramLabel = "SERIES", description = "Its id.")
    private String series;

    @Option(names = "--channel", paramLabel = "N", defaultValue = "0", description = "Channel that is drawn, from 0 (default: ${DEFAULT-VALUE}).")
    private int channel;

    @Option(names = "--width", paramLabel = "N", defaultValue = "100", description = "Columns of the drawing, at least 30 (default: ${DEFAULT-VALUE}).")
    private int width;

    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// What a program is told.
    ///
    /// @param answer of the API
    private record Inspected(JsonNode answer) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (width < NARROWEST) {
            throw new IllegalArgumentException("--width: expected at least " + NARROWEST + ", found " + width);
        }
        try (ApiClient client = instance.open()) {
            JsonNode answer = client.get("/series/" + ApiClient.encoded(series));
            int channels = answer.at("/observations/values").size();
            if (channel < 0 || channel >= channels) {
                throw new IllegalArgumentException("--channel: expected 0 to " + (channels - 1) + ", found " + channel);
            }
            tell(answer);
            output.result(new Inspected(answer));
        }
        return 0;
    }

    private void tell(JsonNode answer) {
        JsonNode forecast = answer.get("forecast"), levels = forecast.at("/values").path(channel);
        int steps = forecast.get("horizon").asInt();
        output.say("%s: %,d steps, the newest at %s; model %s/%d%s", series, answer.get("steps").asInt(),
                Instant.ofEpochMilli(answer.get("time").asLong()), forecast.get("modelId").asText(),
                forecast.get("modelVersion").asInt(), forecast.get("warm").asBoolean() ? "" : ", still cold");
        if (answer.hasNonNull("episode")) {
            JsonNode episode = answer.get("episode");
            output.say("Open episode: %s, %s, score %.2f; newest turn at %s", episode.get("kind").asText(),
                    episode.get("severity").asText(), episode.get("score").asDouble(),
                    Instant.ofEpochMilli(episode.get("time").asLong()));
        }
        if (answer.hasNonNull("score")) {
            output.say("Last window: MASE %s, coverage %s", figure(answer.at("/score/mase")),
                    figure(answer.at("/score/coverage")));
        }
        output.say("");
        FanText.draw(answer, channel, width, HEIGHT).forEach(line -> output.say("%s", line));
        output.say("");
        for (int step : new int[]{1, steps}) {
            output.say("in %d: %s [%s, %s]", step, value(levels, levels.size() / 2, step), value(levels, 0, step),
                    value(levels, levels.size() - 1, step));
        }
    }

    private static String value(JsonNode levels, int level, int step) {
        JsonNode value = levels.path(level).path(step - 1);
        return FanText.number(value.isNumber() ? value.asDouble() : Double.NaN);
    }

    private static String figure(JsonNode value) {
        return value.isNumber() ? String.format(Locale.ROOT, "%.3f", value.asDouble()) : "-";
    }
}
