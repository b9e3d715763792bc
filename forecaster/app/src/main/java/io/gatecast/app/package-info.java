/// What a person or another program meets: the command line's root and the one place that turns an exception into a
/// sentence. On top of everything; nothing may see it. The only module that writes to stdout and stderr itself.
@NullMarked
package io.gatecast.app;

import org.jspecify.annotations.NullMarked;
