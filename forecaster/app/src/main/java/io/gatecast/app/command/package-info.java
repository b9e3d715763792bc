/// The commands, one file each. A command reads its options, calls the modules below and says what came of it; whatever
/// can fail throws, and [Gatecast][io.gatecast.app.Gatecast] puts it into words.
@NullMarked
package io.gatecast.app.command;

import org.jspecify.annotations.NullMarked;
