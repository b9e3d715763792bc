package io.gatecast.training.detection;

import io.gatecast.training.data.Series;

/// Finds anomalies event by event, knowing only what came before.
@FunctionalInterface
public interface Detector {
    /// @return `[row]`, of an alarm how sure it is, more than 0; 0 where there is none
    double[] alarms(Series series);
}
