package io.shopwatch.settings;

import java.io.Serializable;
import java.util.Objects;

/** A value that must never be shown: {@link #toString()} hides it, {@link #reveal()} is for the one who needs it. */
public final class Secret implements Serializable {
    private static final long serialVersionUID = 1;

    private final String value;

    public Secret(String value) {
        this.value = Objects.requireNonNull(value);
    }

    /** The value itself; never log it. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }
}
