package io.gatecast.network;

import io.gatecast.network.Architecture.Embedding;
import java.util.SplittableRandom;

/// Batches of chance numbers, the same for the same seed.
final class RandomBatch {

    private RandomBatch() {}

    /// Every number within (-1, 1), one target in ten missing, weights within (0.5, 1.5), any category that there is.
    static SequenceBatch of(Architecture architecture, int steps, int warmUp, int series, SplittableRandom random) {
        SequenceBatch batch = new SequenceBatch(architecture, steps, warmUp, series);
        fill(batch.inputs, random);
        fill(batch.bases, random);
        fill(batch.targets, random);
        for (int i = 0; i < batch.targets.length; i++) {
            if (random.nextInt(10) == 0) {
                batch.targets[i] = Float.NaN;
            }
        }
        for (int i = 0; i < batch.weights.length; i++) {
            batch.weights[i] = 0.5f + random.nextFloat();
        }
        Embedding embedding = architecture.embedding();
        for (int n = 0; embedding != null && n < series; n++) {
            batch.categories[n] = random.nextInt(embedding.categories() + 1);
        }
        return batch;
    }

    static float[] numbers(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        fill(numbers, random);
        return numbers;
    }

    private static void fill(float[] numbers, SplittableRandom random) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
    }
}
