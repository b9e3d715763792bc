/// Where series come from: files, topics, what is bundled, what is generated.
@NullMarked
package io.gatecast.training.data;

import org.jspecify.annotations.NullMarked;
