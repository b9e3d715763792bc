/// How good the forecasts are on public data, by protocols that others have used: what the README's table is printed by.
@NullMarked
package io.gatecast.training.benchmark;

import org.jspecify.annotations.NullMarked;
