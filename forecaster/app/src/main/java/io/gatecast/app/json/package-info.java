/// JSON as all of the app writes it. It sees Jackson, and nothing of ours.
@NullMarked
package io.gatecast.app.json;

import org.jspecify.annotations.NullMarked;
