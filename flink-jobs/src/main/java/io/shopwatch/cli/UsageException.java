package io.shopwatch.cli;

/** A command line that cannot be carried out: one line that names the flag, its value and what was expected. Exit 2. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
