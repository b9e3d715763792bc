/// Pages that a person opens in a browser: one file each, which asks nothing of any host.
@NullMarked
package io.gatecast.app.page;

import org.jspecify.annotations.NullMarked;
