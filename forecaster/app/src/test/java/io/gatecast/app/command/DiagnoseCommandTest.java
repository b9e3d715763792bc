package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnoseCommandTest {
    @TempDir
    Path folder;

    @Test
    void gradientFlowPrintsATableAByCellAndDistance() {
        Run run = flow("--length 30");
        assertEquals(0, run.status(), run.err());
        assertEquals("k rnn lstm lstm, cell state gru", words(run.out().get(1)));
        assertEquals(List.of("0", "1", "2", "5", "10", "20", "30"),
                run.out().subList(2, 9).stream().map(line -> words(line).split(" ")[0]).toList());
        assertEquals("0 1.00e+00 1.00e+00 0.00e+00 1.00e+00", words(run.out().get(2)));
        assertEquals(9, run.out().size(), run.out().toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 11, 100})
    void gradientFlowTellsTheFirstAndTheLastDistanceOnceEach(int length) {
        List<Integer> distances = flow("--cells rnn --length " + length).out().stream().skip(2)
                .map(line -> Integer.valueOf(words(line).split(" ")[0])).toList();
        assertEquals(0, distances.getFirst());
        assertEquals(length, distances.getLast());
        assertEquals(distances.stream().sorted().distinct().toList(), distances);
    }

    @Test
    void gradientFlowEndsWithOneObjectForAProgram() throws IOException {
        JsonNode answer = json(flow("--cells GRU,peephole --length 7 --gain 0.9 --seed 3 --json"));
        assertEquals(7, answer.get("length").intValue());
        assertEquals(5, answer.get("hidden").intValue());
        assertEquals(0.9, answer.get("gain").doubleValue());
        assertEquals(3, answer.get("seed").longValue());
        assertEquals(List.of("gru", "peephole", "peephole, cell state"), answer.get("lines").findValuesAsText("name"));
        answer.get("lines").forEach(line -> assertEquals(8, line.get("norms").size()));
    }

    @Test
    void gradientFlowSaysTheSameOfTheSameSeed() {
        assertEquals(flow("--length 9 --seed 4").out(), flow("--length 9 --seed 4").out());
        assertFalse(flow("--length 9 --seed 4").out().equals(flow("--length 9 --seed 5").out()));
    }

    @Test
    void gradientFlowWritesAPage() throws IOException {
        Path page = folder.resolve("flow.html");
        Run run = flow("--length 12 --output " + page);
        assertEquals(0, run.status(), run.err());
        assertEquals("Wrote " + page + ".", run.out().getLast());
        String html = Files.readString(page);
        assertTrue(html.startsWith("<!doctype html>"));
        assertTrue(html.contains("\"name\":\"lstm, cell state\""));
    }

    @Test
    void longMemoryPrintsARowALengthAndAColumnACell() throws IOException {
        Path page = folder.resolve("memory.html");
        Run run = memory("--lengths 12,8,12 --cells gru,rnn,gru --json --output " + page);
        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().getFirst().contains("always saying 1 gives 0.1667"), run.out().getFirst());
        assertEquals("steps gru rnn", words(run.out().get(1)));
        assertTrue(words(run.out().get(2)).matches("8 \\d\\.\\d{4} \\(5\\) \\d\\.\\d{4} \\(5\\)"), run.out().get(2));
        assertTrue(words(run.out().get(3)).startsWith("12 "), run.out().get(3));
        JsonNode runs = json(run).get("runs");
        assertEquals(List.of("gru", "rnn", "gru", "rnn"), runs.findValuesAsText("cell"));
        assertEquals(List.of("8", "8", "12", "12"), runs.findValuesAsText("length"));
        runs.forEach(one -> {
            assertEquals(5, one.get("updates").intValue());
            assertFalse(one.get("solved").booleanValue());
            assertTrue(one.get("error").doubleValue() > 0.01, one.toString());
        });
        assertTrue(Files.readString(page).contains("\"x\":[8.0,12.0]"), "lengths rise along the axis");
    }

    /// The others are told all the same.
    @Test
    void longMemoryTellsOfARunWhoseGradientExploded() throws IOException {
        Path page = folder.resolve("memory.html");
        Run run = memory("--lengths 6,8 --cells rnn --learning-rate 1e38 --json --output " + page);
        assertTrue(words(run.out().get(2)).matches("6 exploded \\(\\d\\)"), run.out().get(2));
        JsonNode first = json(run).get("runs").get(0);
        assertTrue(first.get("error").isNull() && !first.get("solved").booleanValue(), first.toString());
        assertTrue(Files.readString(page).contains("[null,null]"), "gaps in the plot");
    }

    /// Each run has its own seeded numbers, whichever thread takes it.
    @Test
    void longMemorySaysTheSameOfTheSameSeed() {
        String arguments = "--lengths 6,8,10 --cells rnn,lstm --json";
        assertEquals(memory(arguments).out(), memory(arguments).out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gradient-flow --length 0                  | 1 | length: expected at least 1, found 0
            gradient-flow --hidden 0                  | 1 | hidden: expected at least 1, found 0
            gradient-flow --gain Infinity             | 1 | gain: expected a number above 0, found Infinity
            gradient-flow --forget-bias NaN           | 1 | forget bias: expected a number, found NaN
            gradient-flow --cells convlstm            | 1 | cell: expected one without a grid, found convlstm
            gradient-flow --cells ,                   | 1 | --cells: expected at least one, found none
            gradient-flow --cells rnm                 | 2 | no cell 'rnm': expected one of rnn, lstm, peephole, gru, gru-reset-before,
            gradient-flow --length many               | 2 | 'many' is not an int
            gradient-flow --output @                  | 1 | is a folder; name a file to write to
            gradient-flow --output @none/x.html       | 1 | there is no folder
            long-memory --cells rnm                   | 2 | no cell 'rnm': expected one of rnn, lstm, peephole, gru, gru-reset-before,
            long-memory --cells gru,convlstm          | 1 | cell: expected one without a grid, found convlstm
            long-memory --lengths 50,1                | 1 | length: expected at least 2, found 1
            long-memory --lengths ,                   | 1 | --lengths: expected at least one, found none
            long-memory --updates 0                   | 1 | updates: expected at least 1, found 0
            long-memory --batch -1                    | 1 | batch: expected at least 1, found -1
            long-memory --learning-rate NaN           | 1 | learning rate: expected a number above 0, found NaN
            long-memory --clip 0                      | 1 | clip: expected more than 0, found 0
            long-memory --forget-bias NaN             | 1 | forget bias: expected a number, found NaN
            long-memory --output @none/x.html         | 1 | there is no folder""")
    void whatIsWrongIsOneClearSentenceBeforeAnyAnswer(String arguments, int status, String sentence)
            throws IOException {
        Run run = Gatecasts.run(("diagnose " + arguments.replace("@", folder + "/")).split(" "));
        assertEquals(status, run.status(), run.err());
        List<String> told = run.err().lines().filter(line -> line.startsWith("gatecast: ")).toList();
        assertEquals(1, told.size(), run.err());
        assertTrue(told.getFirst().contains(sentence), run.err());
        assertFalse(run.err().contains("this is a fault in Gatecast") || run.err().contains("\tat "), run.err());
        assertEquals(List.of(), run.out());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count(), "written");
        }
    }

    private static Run flow(String arguments) {
        return run("gradient-flow --hidden 5 " + arguments);
    }

    private static Run memory(String arguments) {
        return run("long-memory --updates 5 --hidden 4 " + arguments);
    }

    private static Run run(String arguments) {
        List<String> all = new ArrayList<>(List.of("diagnose"));
        all.addAll(List.of(arguments.split(" ")));
        return Gatecasts.run(all.toArray(String[]::new));
    }

    private static JsonNode json(Run run) throws IOException {
        assertEquals(0, run.status(), run.err());
        return new ObjectMapper().readTree(run.out().getLast());
    }

    private static String words(String line) {
        return line.strip().replaceAll(" +", " ");
    }
}
