package io.gatecast.series;

import io.gatecast.network.Network;
import io.gatecast.network.SequenceBatch;
import io.gatecast.network.SequencePass;
import java.util.Arrays;

/// A network that cannot be taken step by step, because it reads its window from both ends: it runs over the last steps
/// of the series anew at each observation. Steps before the series began are zero, as they are in training. Holds memory
/// for one thread.
final class WindowRun {
    private final Network network;
    private final SequenceBatch window;
    private final SequencePass pass;

    /// @param steps in the window
    WindowRun(Network network, int steps) {
        this.network = network;
        this.window = new SequenceBatch(network.architecture(), steps, steps - 1, 1);
        this.pass = new SequencePass(network, window);
    }

    /// Writes the inputs of one step.
    interface Step {
        /// @param age steps before the newest
        /// @param x   where to, from `to`
        void write(int age, float[] x, int to);
    }

    /// Fills the window, the oldest step first.
    ///
    /// @param known    steps of the series, the newest included
    /// @param category of the series, from 1; 0 = unknown
    void fill(int known, int category, Step step) {
        window.categories[0] = category;
        int inputs = network.architecture().inputs();
        int blank = Math.max(0, window.steps - known);
        Arrays.fill(window.inputs, 0, blank * inputs, 0);
        for (int t = blank; t < window.steps; t++) {
            step.write(window.steps - 1 - t, window.inputs, t * inputs);
        }
    }

    /// @param bases  `[channel][base][horizon]` of the newest step
    /// @param answer `[channel][quantile][horizon]`
    void answer(float[] bases, float[] answer) {
        System.arraycopy(bases, 0, window.bases, 0, bases.length);
        pass.answers(network, window, answer);
    }
}
