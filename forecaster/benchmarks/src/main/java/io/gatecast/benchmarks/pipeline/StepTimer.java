package io.gatecast.benchmarks.pipeline;

import io.gatecast.network.Network;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// Prints the least processor time of a step, nanoseconds, by the kernels that this JVM was started with.
final class StepTimer {
    private static final int SAMPLES = 60;
    private static final int STEPS = 5_000;

    private StepTimer() {}

    public static void main(String[] arguments) {
        Network network = new Load(1, 0, 0, 64, 1).model().network();
        Network.Scratch scratch = network.scratch();
        float[] x = new float[network.architecture().inputs()], state = new float[network.stateSize()];
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        double least = Double.POSITIVE_INFINITY;
        for (int sample = 0; sample < SAMPLES; sample++) {
            long start = clock.getCurrentThreadCpuTime();
            for (int step = 0; step < STEPS; step++) {
                network.advance(x, state, scratch);
            }
            least = Math.min(least, (clock.getCurrentThreadCpuTime() - start) / (double) STEPS);
        }
        System.out.println(least);
    }
}
