package io.gatecast.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatecast.network.Architecture.CellKind;
import io.gatecast.network.Architecture.RecurrentLayer;
import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.series.FeatureSpec;
import io.gatecast.training.Trainer.Trained;
import io.gatecast.training.TrainingPlan.Dropout;
import io.gatecast.training.TrainingPlan.Limits;
import io.gatecast.training.TrainingPlan.Optimiser;
import io.gatecast.training.TrainingPlan.Sampling;
import io.gatecast.training.Worker.Share;
import io.gatecast.training.data.Series;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several who learn together, each from series of its own.
final class WorkerTest {
    private static final FeatureSpec SPEC = new FeatureSpec(Waves.INTERVAL, 1, List.of(Waves.SEASON), 6, 6, 36, 10);

    private static TrainingPlan plan(int epochs) {
        return new TrainingPlan(SPEC, SPEC.architecture(List.of(new RecurrentLayer(CellKind.LSTM, 12)),
                List.of(0.1, 0.5, 0.9)), new Sampling(40, 40, 12), Dropout.NONE, new Optimiser(5e-3, 1, 0), 1, 0.1,
                Limits.epochs(epochs), 1, 2);
    }

    /// Worker k has every n-th series, from the k-th on.
    private record Together(List<Worker> workers) implements Gradients {

        static Together of(TrainingPlan plan, List<Series> series, int count) {
            List<Worker> workers = new ArrayList<>();
            for (int k = 0; k < count; k++) {
                List<Series> own = new ArrayList<>();
                for (int i = k; i < series.size(); i += count) {
                    own.add(series.get(i));
                }
                workers.add(new Worker(plan, own, k, count));
            }
            return new Together(workers);
        }

        @Override
        public long steps() {
            return workers.stream().mapToLong(Worker::steps).sum();
        }

        @Override
        public double take(Network network, int update, Parameters gradient) {
            List<Share> shares = workers.stream().map(each -> each.take(network.parameters().values, update)).toList();
            return Worker.average(shares, workers.stream().mapToLong(Worker::steps).toArray(), gradient);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void theyComeToTheLossOfOneMachine(int count) {
        List<Series> series = Waves.several(31, 1, 300);
        Trained alone = Trainer.train(plan(20), series, (update, done, loss) -> {});
        Trained together = Trainer.train(plan(20), series, Together.of(plan(20), series, count),
                (update, done, loss) -> {});
        assertEquals(alone.observations(), together.observations());
        assertEquals(alone.updates(), together.updates());
        double loss = alone.course().getLast().heldOut();
        assertEquals(loss, together.course().getLast().heldOut(), 0.01 * loss);
    }

    @Test
    void askedAgainAWorkerGivesTheSameBits() {
        List<Series> series = Waves.several(7, 1, 300);
        TrainingPlan plan = plan(1);
        float[] weights = Network.initialise(plan.architecture(), 3).values;
        Worker worker = new Worker(plan, series, 1, 2);
        Share first = worker.take(weights, 4);
        worker.take(weights, 5);
        assertArrayEquals(first.gradient(), worker.take(weights, 4).gradient());
        assertArrayEquals(first.gradient(), new Worker(plan, series, 1, 2).take(weights, 4).gradient());
    }

    /// What each says counts by the steps it has.
    @Test
    void anAverageIsByStepsInOneOrder() {
        Parameters gradient = Network.parametersOf(plan(1).architecture());
        float[] one = new float[gradient.size()], other = new float[gradient.size()];
        one[0] = 4;
        other[0] = 8;
        gradient.fill(7);
        assertEquals(1.75, Worker.average(List.of(new Share(1, one), new Share(2, other)), new long[]{10, 30},
                gradient));
        assertEquals(7, gradient.values[0]);
        assertEquals(0, gradient.values[1]);
    }

    @Test
    void aNumberTooHighIsRefused() {
        assertEquals("worker: expected a number below 2, found 2", assertThrows(IllegalArgumentException.class,
                () -> new Worker(plan(1), Waves.several(3, 1, 300), 2, 2)).getMessage());
    }
}
