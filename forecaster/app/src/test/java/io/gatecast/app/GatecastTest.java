package io.gatecast.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.command.mixin.OutputOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class GatecastTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aCommandThatIsDoneEndsWithZeroAndItsJson() {
        assertEquals(0, run("work", "--json"));
        assertEquals(List.of("worked 1,234 times", "{\"times\":1234,\"share\":0.5}"), out.toString().lines().toList());
        assertEquals("", err.toString());
    }

    @Test
    void withoutBeingAskedThereIsNoJson() {
        run("work");
        assertEquals(List.of("worked 1,234 times"), out.toString().lines().toList());
    }

    @Test
    void aFailureIsOneSentenceAndStatusOne() {
        assertEquals(1, run("work", "--fail"));
        assertEquals("gatecast: m.avro: is damaged\n", err.toString());
    }

    @Test
    void debugShowsWhereAFailureCameFrom() {
        assertEquals(1, run("work", "--fail", "--debug"));
        List<String> lines = err.toString().lines().toList();
        assertEquals("gatecast: m.avro: is damaged", lines.getFirst());
        assertTrue(lines.stream().anyMatch(line -> line.contains("GatecastTest$Work.call")), err.toString());
    }

    @Test
    void anUnknownOptionGetsASuggestionAndStatusTwo() {
        assertEquals(2, run("work", "--faill"));
        assertEquals(List.of("gatecast: Unknown option: '--faill'", "Possible solutions: --fail",
                "Try 'gatecast work --help'."), err.toString().lines().toList());
    }

    @Test
    void anUnknownCommandGetsASuggestionAndStatusTwo() {
        assertEquals(2, run("works"));
        List<String> lines = err.toString().lines().toList();
        assertEquals("gatecast: Unmatched argument at index 0: 'works'", lines.getFirst());
        assertTrue(lines.get(1).startsWith("Did you mean: gatecast work"), err.toString());
    }

    @Test
    void noCommandIsWrongUsage() {
        assertEquals(2, run());
        assertEquals(List.of("gatecast: Missing required subcommand", "Try 'gatecast --help'."),
                err.toString().lines().toList());
    }

    @Test
    void onlyTheCommandThatIsAskedForIsLookedInto() {
        assertEquals(Set.of("run"), commands("--debug", "run", "--config", "train"));
        Set<String> all = commands("--help");
        assertTrue(all.containsAll(Set.of("run", "train", "demo")), all::toString);
        assertEquals(all, commands());
        assertEquals(all, commands("rnu"), "for a suggestion");
        assertEquals(all, commands("--log-format", "json", "run"), "an option's value comes first");
    }

    private static Set<String> commands(String... arguments) {
        return Gatecast.commandLine(arguments).getSubcommands().keySet();
    }

    private int run(String... arguments) {
        CommandLine commandLine = Gatecast.commandLine().addSubcommand(new Work());
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    @Command(name = "work", mixinStandardHelpOptions = true)
    static final class Work implements Callable<Integer> {
        @Mixin
        OutputOptions output = new OutputOptions();

        @Option(names = "--fail")
        boolean fail;

        record Worked(int times, double share) {}

        @Override
        public Integer call() throws IOException {
            if (fail) {
                throw new IOException("m.avro: is damaged");
            }
            output.say("worked %,d times", 1234);
            output.result(new Worked(1234, 0.5));
            return 0;
        }
    }
}
