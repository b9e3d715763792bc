package io.gatecast.network.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.Grid;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.cell.Cells;
import io.gatecast.network.kernel.Kernels;
import io.gatecast.network.tensor.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A sequence is made of its parts, to the bit: of every cell, in both directions.
class RecurrenceTest {
    private static final int STEPS = 13;
    private static final int BATCH = 3;
    private static final int INPUTS = 10;

    /// Wherever a sequence is cut, its second part goes on from the state that the first one left.
    @ParameterizedTest
    @EnumSource
    void aSequenceCutAnywhereIsTheWhole(CellKind kind) {
        for (int cut = 1; cut < STEPS; cut++) {
            for (boolean reverse : new boolean[]{false, true}) {
                Walk walk = new Walk(kind, reverse, cut);
                assertArrayEquals(walk.whole(STEPS).states, walk.parts(cut).states, "cut at " + cut);
            }
        }
    }

    /// Truncated backpropagation through time is that of chunks which hand their state on and hear nothing of what comes
    /// after them.
    @ParameterizedTest
    @EnumSource
    void aTruncatedGradientIsTheSumOfThoseOfItsChunks(CellKind kind) {
        for (int truncation : new int[]{1, 2, 5, STEPS - 1, STEPS}) {
            for (boolean reverse : new boolean[]{false, true}) {
                Walk walk = new Walk(kind, reverse, truncation);
                Found whole = walk.whole(truncation), parts = walk.parts(truncation);
                assertArrayEquals(whole.gradient.values, parts.gradient.values, "weights, every " + truncation);
                assertArrayEquals(whole.dx, parts.dx, "inputs, every " + truncation);
            }
        }
    }

    /// Else the test above would hold of a truncation that does nothing.
    @ParameterizedTest
    @EnumSource
    void aTruncatedGradientIsNotTheWholeOne(CellKind kind) {
        Walk walk = new Walk(kind, false, 1);
        assertFalse(Arrays.equals(walk.whole(STEPS).dx, walk.whole(5).dx));
    }

    /// @param states `[steps][batch][S]` after each step
    private record Found(float[] states, Parameters gradient, float[] dx) {}

    /// Random weights, inputs `[steps][batch][X]` and gradients by the hidden states `[steps][batch][H]`.
    private static final class Walk {
        private final Recurrence recurrence;
        private final boolean reverse;
        private final Parameters zeros;
        private final Rows x;
        private final Rows dh;

        Walk(CellKind kind, boolean reverse, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            Grid grid = kind.isConvolutional() ? new Grid(1, 5, 3) : null;
            RecurrentLayer layer = new RecurrentLayer(kind, kind.isConvolutional() ? 3 : 11, grid, false, false);
            Parameters.Layout layout = new Parameters.Layout();
            Cells.layOut("cell", INPUTS, layer, layout);
            Parameters parameters = layout.build();
            fill(parameters.values, random);
            this.recurrence = new Recurrence(Cells.cell("cell", layer, parameters, Kernels.best()), reverse);
            this.reverse = reverse;
            this.zeros = parameters.zeros();
            this.x = new Rows(new float[STEPS * BATCH * INPUTS], 0, INPUTS);
            this.dh = new Rows(new float[STEPS * BATCH * recurrence.sizes().units()], 0, recurrence.sizes().units());
            fill(x.values(), random);
            fill(dh.values(), random);
        }

        private static void fill(float[] numbers, SplittableRandom random) {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) random.nextDouble(-0.6, 0.6);
            }
        }

        Found whole(int truncation) {
            return run(List.of(new Part(0, recurrence.tape(STEPS, BATCH))), truncation);
        }

        /// As [#whole], in parts of `length` steps each and a rest.
        Found parts(int length) {
            List<Part> parts = new ArrayList<>();
            for (int done = 0; done < STEPS; done += length) {
                int steps = Math.min(length, STEPS - done);
                parts.add(new Part(reverse ? STEPS - done - steps : done, recurrence.tape(steps, BATCH)));
            }
            return run(parts, STEPS);
        }

        /// Some steps of the sequence.
        ///
        /// @param first the earliest of them in time
        private record Part(int first, Tape tape) {
            Rows of(Rows rows) {
                return rows.from(first * BATCH);
            }

            /// Begins with the state that another part ended with.
            void goOnFrom(Part other) {
                int last = tape.reverse ? 0 : other.tape.steps - 1, next = tape.reverse ? tape.steps - 1 : 0;
                System.arraycopy(other.tape.states, other.tape.after(last), tape.states, tape.before(next),
                        BATCH * tape.sizes.state());
            }
        }

        /// @param parts in the order of the walk
        private Found run(List<Part> parts, int truncation) {
            Found found = new Found(new float[STEPS * BATCH * recurrence.sizes().state()], zeros.copy(),
                    new float[x.values().length]);
            for (int i = 0; i < parts.size(); i++) {
                Part part = parts.get(i);
                if (i == 0) {
                    part.tape.start();
                } else {
                    part.goOnFrom(parts.get(i - 1));
                }
                recurrence.forward(part.of(x), part.tape);
                int row = BATCH * recurrence.sizes().state();
                System.arraycopy(part.tape.states, part.tape.after().offset(), found.states, part.first * row,
                        part.tape.steps * row);
            }
            for (Part part : reverse ? parts.reversed() : parts) { // in the order of time, as the whole adds its steps
                recurrence.backward(part.of(x), part.of(dh), part.of(new Rows(found.dx, 0, INPUTS)), truncation,
                        part.tape, found.gradient);
            }
            return found;
        }
    }
}
