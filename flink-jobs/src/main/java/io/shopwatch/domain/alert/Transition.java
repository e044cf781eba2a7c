package io.shopwatch.domain.alert;

/**
 * A conversion from one step of a funnel to a later one.
 *
 * @param from name of the first step
 * @param to name of the second step
 * @param fromIndex place of the first step in its funnel
 * @param toIndex place of the second step, greater than {@code fromIndex}
 */
public record Transition(String from, String to, int fromIndex, int toIndex) {

    /** {@code from>to}, as rules write it. */
    public String text() {
        return from + ">" + to;
    }

    /** Whether a fault in one would show in the other, because they have a stretch of the funnel in common. */
    public boolean overlaps(Transition other) {
        return fromIndex < other.toIndex && other.fromIndex < toIndex;
    }

    /** Whether the steps follow each other directly. */
    public boolean adjacent() {
        return toIndex == fromIndex + 1;
    }
}
