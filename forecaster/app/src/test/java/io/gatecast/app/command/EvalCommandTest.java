package io.gatecast.app.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gatecast.app.Gatecasts;
import io.gatecast.app.Gatecasts.Run;
import io.gatecast.network.Architecture;
import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.HeadShape;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.BareRun;
import io.gatecast.network.Network;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A bare network over rows of inputs, for whoever holds it against another tool.
class EvalCommandTest {
    private static final Architecture BOTH_WAYS = new Architecture(3,
            List.of(new RecurrentLayer(CellKind.LSTM, 2, null, true, false), new RecurrentLayer(CellKind.GRU, 2)),
            new HeadShape(1, 1, 1, List.of(0.1, 0.5)));
    private static final Network NETWORK = Network.compile(BOTH_WAYS, Network.initialise(BOTH_WAYS, 1));

    @TempDir
    Path folder;

    private Path model;
    private Path inputs;
    private Path target;

    @BeforeEach
    void write() throws IOException {
        model = folder.resolve("m.avro");
        inputs = folder.resolve("x.csv");
        target = folder.resolve("y.csv");
        ModelFile.write(model, ModelRecords.toRecord(NETWORK, "bare"));
    }

    @Test
    void aRowHasTheOutputsAndEveryStateByName() throws IOException {
        assertEquals(0, eval("1,2,3\n-1,0.5,2e-1\n").status());
        List<String> rows = Files.readAllLines(target);
        assertEquals("y1,y2,layer0.h1,layer0.h2,layer0.c1,layer0.c2,layer0.reverse.h1,layer0.reverse.h2,"
                + "layer0.reverse.c1,layer0.reverse.c2,layer1.h1,layer1.h2", rows.getFirst());
        BareRun run = BareRun.of(NETWORK, new float[]{1, 2, 3, -1, 0.5f, 0.2f});
        for (int t = 0; t < 2; t++) {
            float[] row = floats(rows.get(1 + t));
            assertArrayEquals(new float[]{run.outputs()[2 * t], run.outputs()[2 * t + 1]},
                    new float[]{row[0], row[1]});
            float[] states = run.layers().getFirst().forward();
            assertArrayEquals(new float[]{states[4 * t], states[4 * t + 1], states[4 * t + 2], states[4 * t + 3]},
                    new float[]{row[2], row[3], row[4], row[5]});
        }
        assertEquals(3, rows.size());
    }

    @Test
    void namesInTheFirstRowEmptyLinesAndBlanksDoNoHarm() throws IOException {
        assertEquals(0, eval("1,2,3\n4,5,6\n").status());
        List<String> plain = Files.readAllLines(target);
        assertEquals(0, eval("a,b,c\n1, 2 ,3\n\n4,5,6").status());
        assertEquals(plain, Files.readAllLines(target));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1,2,3;4,5     | :2: expected 3 numbers, as the network has inputs, found 2
            1,2,3;4,5,6,7 | :2: expected 3 numbers, as the network has inputs, found 4
            a,b,c;1,x,3   | :2: column 2: expected a finite number, found 'x'
            1,b,3         | :1: column 2: expected a finite number, found 'b'
            1,2,3;;4,5,   | :3: column 3: expected a finite number, found ''
            1,2,NaN       | :1: column 3: expected a finite number, found 'NaN'
            1,2,1e39      | :1: column 3: expected a finite number, found '1e39'
            a,b,c         | : expected rows of 3 numbers, found none
            ''            | : expected rows of 3 numbers, found none""")
    void aRowThatIsNoInputIsNamedByItsLine(String rows, String sentence) throws IOException {
        assertRefused(eval(rows.replace(';', '\n')), inputs + sentence);
    }

    @Test
    void aModelOfWhichABitFellIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length - 40] ^= 1;
        Files.write(model, bytes);
        Run run = eval("1,2,3\n");
        assertEquals(1, run.status());
        assertEquals(true, run.err().startsWith("gatecast: " + model + ": "), run.err());
        assertFalse(Files.exists(target));
    }

    private void assertRefused(Run run, String sentence) {
        assertEquals(1, run.status(), run.err());
        assertEquals("gatecast: " + sentence + "\n", run.err());
        assertFalse(Files.exists(target), "written");
    }

    private Run eval(String rows) throws IOException {
        Files.writeString(inputs, rows);
        return Gatecasts.run("models", "eval", "--model", model.toString(), "--inputs", inputs.toString(), "--output",
                target.toString());
    }

    private static float[] floats(String row) {
        float[] numbers = new float[row.split(",").length];
        int i = 0;
        for (String field : row.split(",")) {
            numbers[i++] = Float.parseFloat(field);
        }
        return numbers;
    }
}
