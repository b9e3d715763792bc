/// How well anomalies are found: labelled series in the layouts they are published in, detectors that are led through them
/// event by event, and the scores that others publish.
@NullMarked
package io.gatecast.training.detection;

import org.jspecify.annotations.NullMarked;
