package io.gatecast.schemas;

import java.io.IOException;

/// The registry did not answer: nothing is known about the record, so nothing may be held against it.
public final class RegistryUnavailable extends IOException {
    private static final long serialVersionUID = 1;

    RegistryUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
