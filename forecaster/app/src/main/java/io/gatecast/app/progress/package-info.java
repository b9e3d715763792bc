/// How far long work has come, as a person sees it. Sees nothing of ours.
@NullMarked
package io.gatecast.app.progress;

import org.jspecify.annotations.NullMarked;
