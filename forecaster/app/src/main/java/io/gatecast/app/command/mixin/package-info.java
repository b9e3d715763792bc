/// Options that several commands share, each declared once.
@NullMarked
package io.gatecast.app.command.mixin;

import org.jspecify.annotations.NullMarked;
