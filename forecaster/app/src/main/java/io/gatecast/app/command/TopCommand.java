package io.gatecast.app.command;

import io.gatecast.app.command.mixin.InstanceOptions;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.look.ApiClient;
import io.gatecast.app.look.FleetText;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The fleet in the terminal, what needs attention first.
@Command(name = "top", mixinStandardHelpOptions = true, sortOptions = false, description = "Watch the fleet of a running instance in the terminal; elsewhere than on a terminal, once.")
public final class TopCommand implements Callable<Integer> {
    private static final int MOST_ROWS = 200;
    private static final long EVERY_MILLIS = 1000;

    @Option(names = "--rows", paramLabel = "N", defaultValue = "20", description = "Series that are shown, 1 to 200 (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(names = "--once", description = "Show it once and end.")
    private boolean once;

    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rows < 1 || rows > MOST_ROWS) {
            throw new IllegalArgumentException("--rows: expected 1 to " + MOST_ROWS + ", found " + rows);
        }
        try (ApiClient client = instance.open()) {
            if (once || System.console() == null || !System.console().isTerminal()) {
                lines(client).forEach(line -> output.say("%s", line));
                return 0;
            }
            watch(client);
        }
        return 0;
    }

    private List<String> lines(ApiClient client) throws IOException, InterruptedException {
        return FleetText.lines(client.get("/fleet"), client.get("/series?sort=attention&charts=true&limit=" + rows));
    }

    private void watch(ApiClient client) throws IOException {
        try (Interruption stop = new Interruption(Thread.currentThread())) {
            try {
                while (true) {
                    List<String> lines = lines(client);
                    output.out().print("\033[H\033[2J" + String.join("\n", lines) + "\n\nCtrl-C ends.\n");
                    output.out().flush();
                    Thread.sleep(EVERY_MILLIS);
                }
            } catch (InterruptedException e) {
                output.say("");
            } catch (IOException e) {
                if (!stop.requested()) {
                    throw e;
                }
            }
        }
    }
}
