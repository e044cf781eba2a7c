package io.shopwatch.cli;

/** A failure that is explained in full by its message of one line. Exit 1. */
public final class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FailureException(String message) {
        super(message);
    }

    public FailureException(String message, Throwable cause) {
        super(message, cause);
    }
}
