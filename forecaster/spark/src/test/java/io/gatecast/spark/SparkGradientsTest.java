package io.gatecast.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.series.FeatureSpec;
import io.gatecast.training.Trainer;
import io.gatecast.training.Trainer.Listener;
import io.gatecast.training.Trainer.Trained;
import io.gatecast.training.TrainingPlan;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import io.gatecast.training.TrainingPlan.Optimiser;
import io.gatecast.training.TrainingPlan.Sampling;
import io.gatecast.training.data.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A training on a cluster of two executors, each a process of its own: local-cluster mode.
@Timeout(400)
final class SparkGradientsTest {
    private static final int WORKERS = 2;
    private static final int SERIES = 30;
    private static final int LENGTH = 300;
    private static final Listener SILENT = (update, done, loss) -> {};

    /// Every second series is made where it is learned from.
    private static final class Waves implements Work {
        private static final long serialVersionUID = 1;

        @Override
        public TrainingPlan plan() {
            FeatureSpec features = new FeatureSpec(60_000, 1, List.of(12), 6, 6, 36, 10);
            return new TrainingPlan(features, features.architecture(List.of(new RecurrentLayer(CellKind.LSTM, 12)),
                    List.of(0.1, 0.5, 0.9)), new Sampling(40, 40, 12), Dropout.NONE, new Optimiser(5e-3, 1, 0), 1, 0.1,
                    Limits.epochs(12), 1, 1);
        }

        @Override
        public List<Series> series(int worker, int workers) {
            List<Series> own = new ArrayList<>();
            for (int i = worker; i < SERIES; i += workers) {
                own.add(wave(i));
            }
            return own;
        }

        private static Series wave(int number) {
            Random random = new Random(number);
            long[] timestamps = new long[LENGTH];
            double[] values = new double[LENGTH];
            for (int t = 0; t < LENGTH; t++) {
                timestamps[t] = 1_767_225_600_000L + t * 60_000L;
                values[t] = 20 + number + 5 * Math.sin(2 * Math.PI * t / 12 + number) + 2 * Math.sin(0.4 * t)
                        + 0.5 * random.nextGaussian();
            }
            return new Series("wave-" + number, timestamps, new double[][]{values});
        }
    }

    private static JavaSparkContext cluster() throws IOException {
        Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars")); // all it is asked for
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new JavaSparkContext(new SparkConf().setAppName("gatecast").setMaster("local-cluster[2,1,1024]")
                .set("spark.executor.memory", "768m").set("spark.executor.extraClassPath", classPath)
                .set("spark.executor.extraJavaOptions", System.getProperty("executor.flags"))
                .set("spark.driver.host", "127.0.0.1").set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.ui.enabled", "false"));
    }

    @Test
    void aClusterComesToTheLossOfOneMachine() throws IOException {
        Waves work = new Waves();
        List<Series> all = work.series(0, 1);
        Trained alone = Trainer.train(work.plan(), all, SILENT);
        try (JavaSparkContext spark = cluster()) {
            Trained together = train(spark, work, all), again = train(spark, work, all);
            double loss = alone.course().getLast().heldOut(), clusters = together.course().getLast().heldOut();
            System.out.printf("Held-out loss %.5f on one machine, %.5f on %d executors of Spark %s after %d updates%n",
                    loss, clusters, WORKERS, spark.version(), together.updates());
            assertEquals(loss, clusters, 0.01 * loss);
            assertEquals(alone.updates(), together.updates());
            assertEquals(alone.observations(), together.observations());
            assertArrayEquals(together.network().parameters().values, again.network().parameters().values,
                    "the same work gives the same weights");
        }
    }

    private static Trained train(JavaSparkContext spark, Work work, List<Series> judges) {
        try (SparkGradients gradients = new SparkGradients(spark, work, WORKERS)) {
            return Trainer.train(work.plan(), judges, gradients, SILENT);
        }
    }
}
