/// How large an installation has to be: formulae over what was measured. deploy/sizing.md tells them in words.
@NullMarked
package io.gatecast.app.sizing;

import org.jspecify.annotations.NullMarked;
