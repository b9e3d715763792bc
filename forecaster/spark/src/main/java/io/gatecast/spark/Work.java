package io.gatecast.spark;

import io.gatecast.training.TrainingPlan;
import io.gatecast.training.data.Series;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/// What a machine has to know to take part in a training, as Spark sends it to each. Series are read where they are learned
/// from and never travel.
public interface Work extends Serializable {

    /// @return the same for all
    TrainingPlan plan();

    /// Reads a worker's own series: some files of several, some partitions of a topic. Each series must be one worker's, whole,
    /// and the same whenever it is read: a worker that was lost is made again elsewhere.
    ///
    /// @param worker  from 0
    /// @param workers how many there are
    /// @throws IOException with a sentence, if it cannot be read
    List<Series> series(int worker, int workers) throws IOException;
}
