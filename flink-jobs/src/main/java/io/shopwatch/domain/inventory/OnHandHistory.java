package io.shopwatch.domain.inventory;

/**
 * What came onto and left the shelf lately, in event time, so that a count that arrives late can be put where it belongs:
 * the movements after it count on top. Whoever hosts a {@link StockLevel} stores it.
 */
public interface OnHandHistory {
    /** Adds {@code units} (negative where they left) at {@code time}. */
    void add(long time, long units);

    /** Units that came, less those that left, strictly after {@code time}. */
    long sumAfter(long time);

    /** Movements before {@code time} are no longer needed; when they go is up to the host. */
    void forgetBefore(long time);
}
