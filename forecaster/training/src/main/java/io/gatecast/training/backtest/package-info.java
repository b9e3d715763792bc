/// How good forecasts were, once what they spoke of has come true.
@NullMarked
package io.gatecast.training.backtest;

import org.jspecify.annotations.NullMarked;
