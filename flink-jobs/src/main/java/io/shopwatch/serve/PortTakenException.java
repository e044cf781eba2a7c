package io.shopwatch.serve;

import java.io.IOException;

/** The address to serve at cannot be had; the message names the setting, the value and what to do. */
public final class PortTakenException extends IOException {
    private static final long serialVersionUID = 1;

    PortTakenException(String message, Throwable cause) {
        super(message, cause);
    }
}
