package io.shopwatch.domain.window;

/**
 * Changes of one series in one pane, added up. Not a record because it holds an array: it is equal to nothing but
 * itself.
 */
public final class SeriesChange {
    /** The series. */
    public final SeriesKey key;

    /** Pane of the events (seconds since the epoch). */
    public final long at;

    /** Which windows they belong to. */
    public final Scope scope;

    /**
     * Three numbers for each move: the field, the pane from which the amount moves to {@link #at} ({@link
     * SlidingSums#NONE} if it is new), and the amount.
     */
    public final long[] moves;

    /** A change of those. */
    public SeriesChange(SeriesKey key, long at, Scope scope, long... moves) {
        this.key = key;
        this.at = at;
        this.scope = scope;
        this.moves = moves;
    }
}
