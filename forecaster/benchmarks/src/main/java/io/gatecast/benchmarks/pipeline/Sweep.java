package io.gatecast.benchmarks.pipeline;

import java.util.ArrayList;
import java.util.List;

/// One thing varied at a time.
final class Sweep {
    private static final int[] KEYS = {1_000, 100_000, 1_000_000};
    private static final int[] HIDDEN = {32, 128, 256};
    private static final int[] LAYERS = {2, 3};

    private Sweep() {}

    static List<PipelinePlan> around(PipelinePlan plan) {
        List<PipelinePlan> plans = new ArrayList<>();
        Load load = plan.load();
        for (int keys : KEYS) {
            if (keys != load.keys()) {
                plans.add(plan.with(new Load(keys, load.warm(), load.events(), load.hidden(), load.layers())));
            }
        }
        for (int hidden : HIDDEN) {
            plans.add(plan.with(new Load(load.keys(), load.warm(), load.events(), hidden, load.layers())));
        }
        for (int layers : LAYERS) {
            plans.add(plan.with(new Load(load.keys(), load.warm(), load.events(), load.hidden(), layers)));
        }
        plans.add(new PipelinePlan(load, 3 - Math.min(plan.threads(), 2), plan.guarantee(), plan.commitMillis(),
                plan.more()));
        plans.add(new PipelinePlan(load, plan.threads(), "at_least_once", plan.commitMillis(), plan.more()));
        plans.add(new PipelinePlan(load, plan.threads(), plan.guarantee(), 100, plan.more()));
        return plans;
    }
}
