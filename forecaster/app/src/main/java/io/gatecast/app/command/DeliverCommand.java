package io.gatecast.app.command;

import io.gatecast.app.alerts.AlertDelivery;
import io.gatecast.app.alerts.Tally.Told;
import io.gatecast.app.command.mixin.KafkaOptions;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.streams.AlertSettings.Receiver;
import io.gatecast.streams.StreamsSettings;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Tells the receivers, until it is stopped.
@Command(name = "deliver", mixinStandardHelpOptions = true, sortOptions = false, description = "Tell webhooks and Alertmanagers of anomalies until stopped with Ctrl-C.", footer = {
        "", "The configuration file says whom, for example:", "  gatecast.alerts.webhook.url=https://host/hook",
        "  gatecast.alerts.alertmanager.url=http://alertmanager:9093"})
final class DeliverCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// The answer to a program.
    record Result(List<Told> receivers) {}

    @Override
    public Integer call() throws IOException {
        StreamsSettings settings = kafka.load();
        try (Interruption stop = new Interruption(Thread.currentThread())) {
            try {
                List<Told> told = deliver(settings);
                told.forEach(each -> output.say(
                        "%s: %,d sent, %,d filtered, %,d muted, %,d of them sent later, %,d undelivered.",
                        each.receiver(), each.sent(), each.filtered(), each.muted(), each.released(),
                        each.undelivered() + each.unreadable()));
                output.result(new Result(told));
            } catch (IOException | RuntimeException e) {
                if (!stop.requested()) {
                    throw e;
                }
                output.say("Stopped before it ran.");
            }
        }
        return 0;
    }

    private List<Told> deliver(StreamsSettings settings) throws IOException {
        try (AlertDelivery delivery = AlertDelivery.start(settings)) {
            output.say("Delivering: %s -> %s. Ctrl-C stops.", settings.topics().anomalies(), settings.alerts()
                    .receivers().stream().map(Receiver::toString).collect(Collectors.joining(", ")));
            try {
                delivery.awaitStop();
            } catch (InterruptedException e) {
                delivery.close();
            }
            return delivery.told();
        }
    }
}
