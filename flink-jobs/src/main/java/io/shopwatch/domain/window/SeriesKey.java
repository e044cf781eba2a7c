package io.shopwatch.domain.window;

import io.shopwatch.domain.event.Segment;
import java.util.Objects;

/**
 * Names a series of figures.
 *
 * @param name what is counted, for example the name of a funnel
 * @param segment segment
 * @param value value of the segment
 * @param currency ISO 4217, or null where the figures are no money
 */
public record SeriesKey(String name, Segment segment, String value, String currency) {

    // What a record brings by itself goes through method handles; each change of each figure is looked up by this key.
    @Override
    public boolean equals(Object other) {
        return other instanceof SeriesKey key
                && segment == key.segment
                && value.equals(key.value)
                && name.equals(key.name)
                && Objects.equals(currency, key.currency);
    }

    @Override
    public int hashCode() {
        return hash(name, segment, value, currency);
    }

    /** The hash code of the key of these. */
    static int hash(String name, Segment segment, String value, String currency) {
        int hash = (value.hashCode() * 31 + name.hashCode()) * 31 + segment.ordinal();
        return currency == null ? hash : hash * 31 + currency.hashCode();
    }
}
