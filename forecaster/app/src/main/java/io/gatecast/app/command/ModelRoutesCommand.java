package io.gatecast.app.command;

import io.gatecast.app.command.mixin.KafkaOptions;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.kafka.Publisher;
import io.gatecast.avro.Model;
import io.gatecast.streams.Registrations;
import io.gatecast.streams.Routes.Route;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Which series go to which model.
@Command(name = "routes", mixinStandardHelpOptions = true, sortOptions = false, description = "Show which series go to which model; the first pattern that fits counts.")
final class ModelRoutesCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka = new KafkaOptions();
    @Mixin
    private OutputOptions output = new OutputOptions();

    /// One of them.
    ///
    /// @param champion as in pumps/3; none where nobody would judge, and the next pattern is asked
    record Row(String pattern, String modelId, String champion) {}

    /// The answer to a program.
    record Result(List<Row> routes) {}

    @Override
    public Integer call() throws IOException {
        StreamsSettings settings = kafka.load();
        try (Publisher publisher = Publisher.open(settings)) {
            Registrations now = publisher.registrations();
            List<Route> routes = new ArrayList<>(now.routes());
            routes.add(new Route("*", settings.modelId())); // what is left
            List<Row> rows = routes.stream().map(route -> new Row(route.pattern(), route.modelId(),
                    champion(now, route.modelId()))).toList();
            output.say("%-32s %-24s %s", "SERIES", "MODEL", "CHAMPION");
            rows.forEach(row -> output.say("%-32s %-24s %s", row.pattern(), row.modelId(), row.champion()));
            output.result(new Result(rows));
        }
        return 0;
    }

    private static String champion(Registrations now, String modelId) {
        return now.champion(modelId).map(Model::getVersion).map(version -> modelId + "/" + version).orElse("none");
    }
}
