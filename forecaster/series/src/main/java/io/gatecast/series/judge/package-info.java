/// What is made of an observation once its forecast is known: intervals that keep their word, a score of how improbable
/// it was, and episodes instead of a flag a row. Each part keeps its memory in a few bytes of the series' record, of a
/// size that depends on the model alone, and works on it in place.
@NullMarked
package io.gatecast.series.judge;

import org.jspecify.annotations.NullMarked;
