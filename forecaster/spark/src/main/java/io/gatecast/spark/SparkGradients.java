package io.gatecast.spark;

import io.gatecast.network.Network;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.training.Gradients;
import io.gatecast.training.Worker;
import io.gatecast.training.Worker.Share;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/// Gradients by the executors of a Spark cluster, synchronously: with each update the weights are broadcast, each partition's
/// [Worker] takes the gradient of its share, and the driver averages them in their order. So the same work on as many workers
/// gives the same weights to the bit, on whatever executors they were.
///
/// A worker stays where its series are: it is a cached partition. One that is lost with its executor is made again from the
/// [Work] and gives what the lost one would have given.
public final class SparkGradients implements Gradients, AutoCloseable {
    private final JavaSparkContext spark;
    private final JavaRDD<Worker> workers;
    private final long[] steps;

    /// Has all workers read their series.
    ///
    /// @param workers how many; one for each core of the cluster
    /// @throws org.apache.spark.SparkException if one of them cannot
    public SparkGradients(JavaSparkContext spark, Work work, int workers) {
        this.spark = spark;
        List<Integer> numbers = IntStream.range(0, workers).boxed().toList();
        this.workers = spark.parallelize(numbers, workers)
                .map(number -> new Worker(work.plan(), work.series(number, workers), number, workers)).cache();
        this.steps = this.workers.map(Worker::steps).collect().stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public long steps() {
        return IntStream.range(0, steps.length).mapToLong(i -> steps[i]).sum();
    }

    @Override
    public double take(Network network, int update, Parameters gradient) {
        Broadcast<float[]> weights = spark.broadcast(network.parameters().values);
        List<Share> shares = workers.map(worker -> worker.take(weights.value(), update)).collect();
        weights.destroy(false);
        return Worker.average(shares, steps, gradient);
    }

    /// Has the workers forgotten.
    @Override
    public void close() {
        workers.unpersist();
    }
}
