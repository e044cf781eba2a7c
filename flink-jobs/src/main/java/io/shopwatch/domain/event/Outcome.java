package io.shopwatch.domain.event;

import java.util.Locale;

/** What became of a record that was read. Accepted + late + duplicate + dead-lettered = read, always. */
public enum Outcome {
    ACCEPTED,
    LATE,
    DUPLICATE,
    DEAD_LETTER;

    /** The label or field value on the outside, for example {@code dead_letter}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
