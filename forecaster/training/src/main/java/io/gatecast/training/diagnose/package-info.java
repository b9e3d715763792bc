/// What the gates buy, measured: how far a gradient reaches back, and what is learned over long gaps.
@NullMarked
package io.gatecast.training.diagnose;

import org.jspecify.annotations.NullMarked;
