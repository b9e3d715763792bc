package io.gatecast.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/// What an operation costs in time on a processor, beside JMH's time by the clock: on a machine that others use as well
/// only this says something. Reports the mean of all iterations and the least, which is the least disturbed one.
///
///     java -jar benchmarks.jar -prof io.gatecast.benchmarks.CpuTime
public final class CpuTime implements InternalProfiler {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long before;

    @Override
    public String getDescription() {
        return "processor time of the benchmark's own threads";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = workersTime();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration,
            IterationResult result) {
        double each = (double) (workersTime() - before) / result.getMetadata().getAllOps();
        return List.of(new ScalarResult("cpu.mean", each, "ns/op", AggregationPolicy.AVG),
                new ScalarResult("cpu.least", each, "ns/op", AggregationPolicy.MIN));
    }

    private long workersTime() {
        long time = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().contains("jmh-worker")) {
                time += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return time;
    }
}
