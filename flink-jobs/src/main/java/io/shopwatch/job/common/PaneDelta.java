package io.shopwatch.job.common;

import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.window.Scope;
import io.shopwatch.domain.window.SeriesKey;
import io.shopwatch.domain.window.SlidingSums;

/**
 * A change to a sliding figure, see {@link SlidingSums#add}.
 *
 * @param name what is counted
 * @param segment segment
 * @param value value of the segment
 * @param currency ISO 4217, or null where it is no money
 * @param field index of the figure within the series
 * @param at pane of the event (seconds since the epoch)
 * @param previous pane from which {@code amount} moves here, or {@link #NONE}
 * @param amount what is added
 * @param scope which windows it belongs to
 */
public record PaneDelta(
        String name,
        Segment segment,
        String value,
        String currency,
        int field,
        long at,
        long previous,
        long amount,
        Scope scope) {

    /** No previous pane. */
    public static final long NONE = SlidingSums.NONE;

    /** The series that changes. */
    public SeriesKey key() {
        return new SeriesKey(name, segment, value, currency);
    }
}
