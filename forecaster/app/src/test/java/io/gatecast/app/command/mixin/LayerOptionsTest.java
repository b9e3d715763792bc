package io.gatecast.app.command.mixin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.RecurrentLayer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

class LayerOptionsTest {
    private static final int CHANNELS = 6;

    @Test
    void withoutAWordItIsOneLstm() {
        assertEquals(List.of(plain(CellKind.LSTM, 128)), layers());
    }

    @ParameterizedTest
    @EnumSource(CellKind.class)
    void everyCellIsChosenByItsName(CellKind kind) {
        Grid grid = kind.isConvolutional() ? new Grid(1, CHANNELS, 3) : null;
        assertEquals(List.of(new RecurrentLayer(kind, 8, grid, false, false)),
                layers("--cell", kind.label(), "--hidden", "8"));
    }

    @Test
    void aNameMayBeInCapitals() {
        assertEquals(List.of(plain(CellKind.GRU_RESET_BEFORE, 128)), layers("--cell", "GRU-Reset-Before"));
    }

    @Test
    void oneCellAndSizeServeEveryLayer() {
        RecurrentLayer gru = plain(CellKind.GRU, 16);
        assertEquals(List.of(gru, gru, gru), layers("--cell", "gru", "--hidden", "16", "--layers", "3"));
    }

    @Test
    void severalCellsAreLayersFromTheFirstToTheLast() {
        assertEquals(List.of(plain(CellKind.GRU, 16), plain(CellKind.RNN, 16), plain(CellKind.PEEPHOLE, 16)),
                layers("--cell", "gru,rnn,peephole", "--hidden", "16"));
    }

    @Test
    void severalSizesAreLayersToo() {
        assertEquals(List.of(plain(CellKind.LSTM, 16), plain(CellKind.LSTM, 8)), layers("--hidden", "16,8"));
        assertEquals(List.of(plain(CellKind.RNN, 16), plain(CellKind.LSTM, 8)),
                layers("--cell", "rnn,lstm", "--hidden", "16,8", "--layers", "2"));
    }

    @Test
    void everyLayerReadsBothWays() {
        RecurrentLayer both = new RecurrentLayer(CellKind.LSTM, 8, null, true, false);
        assertEquals(List.of(both, both), layers("--hidden", "8", "--layers", "2", "--bidirectional"));
    }

    /// What enters the first layer is the features, which are of another size.
    @Test
    void aResidualConnectionBeginsWithTheSecondLayer() {
        RecurrentLayer residual = new RecurrentLayer(CellKind.LSTM, 8, null, false, true);
        assertEquals(List.of(plain(CellKind.LSTM, 8), residual, residual),
                layers("--hidden", "8", "--layers", "3", "--residual"));
        assertEquals(List.of(plain(CellKind.LSTM, 8)), layers("--hidden", "8", "--residual"));
    }

    @Test
    void channelsLieAsTheGridSays() {
        assertEquals(List.of(on(new Grid(1, 6, 5))), layers("--cell", "convlstm", "--hidden", "4", "--kernel", "5"));
        assertEquals(List.of(on(new Grid(2, 3, 3))), layers("--cell", "convlstm", "--hidden", "4", "--grid", "2x3"));
        assertEquals(List.of(on(new Grid(6, 1, 1))),
                layers("--cell", "convlstm", "--hidden", "4", "--grid", "6x1", "--kernel", "1"));
    }

    @Test
    void onlyAConvolutionalLayerOfAMixedStackHasAGrid() {
        assertEquals(List.of(on(new Grid(3, 2, 3)), plain(CellKind.LSTM, 4)),
                layers("--cell", "convlstm,lstm", "--hidden", "4", "--grid", "3x2"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --layers=0                        | layers: expected at least 1, found 0
            --layers=-2                       | layers: expected at least 1, found -2
            --hidden=0                        | units: expected at least 1, found 0
            --hidden=8,-1                     | units: expected at least 1, found -1
            --cell=gru,lstm --layers=3        | --cell: expected one for all or one for each of 3 layers, found 2
            --cell=gru,lstm --layers=1        | --cell: expected one for all or one for each of 1 layers, found 2
            --hidden=8,4 --layers=3           | --hidden: expected one for all or one for each of 3 layers, found 2
            --cell=gru,rnn,lstm --hidden=8,4  | --hidden: expected one for all or one for each of 3 layers, found 2
            --cell=gru,rnn --hidden=8,4,2     | --cell: expected one for all or one for each of 3 layers, found 2
            --cell=convlstm --kernel=4        | kernel: expected an odd number up to 99, found 4
            --cell=convlstm --kernel=-1       | kernel: expected an odd number up to 99, found -1
            --cell=convlstm --kernel=101      | kernel: expected an odd number up to 99, found 101
            --cell=convlstm --grid=0x6        | grid: expected 1x1 or more, up to 1048576 positions, found 0x6
            --cell=convlstm --grid=999999x999999 | grid: expected 1x1 or more, up to 1048576 positions, found 999999x999999
            --cell=convlstm --grid=2x2        | --grid: expected as many positions as an observation has channels, 6, found 2x2
            --grid=2x3                        | --grid: expected a convolutional cell beside it, as in --cell convlstm, found --cell lstm
            --cell=gru,rnn --kernel=3         | --kernel: expected a convolutional cell beside it, as in --cell convlstm, found --cell gru,rnn
            """)
    void whatCannotBeBuiltIsRefused(String arguments, String refusal) {
        var e = assertThrows(IllegalArgumentException.class, () -> layers(arguments.split(" ")));
        assertEquals(refusal, e.getMessage());
    }

    @Test
    void anUnknownCellNamesTheKnown() {
        assertWrongUsage("no cell 'transformer': expected one of rnn, lstm, peephole, gru, gru-reset-before, convlstm, "
                + "convlstm-peephole", "--cell", "lstm,transformer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "2x", "x3", "2x3x4", "-2x3", "2,3", "2 x 3", "2X3", "1000000000x1"})
    void aGridIsRowsAndColumns(String grid) {
        assertWrongUsage("expected rows and columns, as in 4x6, found '" + grid + "'", "--grid", grid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--hidden=many", "--layers=two", "--kernel=wide", "--hidden=8,,4", "--cell=gru,,lstm"})
    void whatIsNoNumberOrNameIsWrongUsage(String argument) {
        assertThrows(ParameterException.class, () -> layers(argument));
    }

    private static void assertWrongUsage(String sentence, String... arguments) {
        var e = assertThrows(ParameterException.class, () -> layers(arguments));
        assertEquals(sentence, String.valueOf(e.getMessage()).replaceFirst("^Invalid value for option .*?: ", ""));
    }

    private static RecurrentLayer plain(CellKind kind, int units) {
        return new RecurrentLayer(kind, units);
    }

    private static RecurrentLayer on(Grid grid) {
        return new RecurrentLayer(CellKind.CONVLSTM, 4, grid, false, false);
    }

    @Command
    private static final class Parsed {
        @CommandLine.Mixin
        LayerOptions options = new LayerOptions();
    }

    private static List<RecurrentLayer> layers(String... arguments) {
        Parsed parsed = new Parsed();
        new CommandLine(parsed).parseArgs(arguments);
        return parsed.options.layers(CHANNELS);
    }
}
