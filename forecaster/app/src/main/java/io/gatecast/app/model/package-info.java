/// Where training and serving meet: what was learned becomes the record that is kept and published.
@NullMarked
package io.gatecast.app.model;

import org.jspecify.annotations.NullMarked;
