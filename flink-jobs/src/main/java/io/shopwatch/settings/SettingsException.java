package io.shopwatch.settings;

/**
 * A setting that cannot be used. The message is one line that names the key, the value (never a secret one), where it
 * came from and what was expected.
 */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SettingsException(String message) {
        super(message);
    }
}
