/// How the log is written. It sees Log4j, and nothing of ours.
@NullMarked
package io.gatecast.app.log;

import org.jspecify.annotations.NullMarked;
