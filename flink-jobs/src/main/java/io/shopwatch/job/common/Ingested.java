package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.wire.DeadLetter;

/**
 * A record as read from an input: an event, or what became of it.
 *
 * @param stream stream it was read from
 * @param event the event, or null if the record was rejected
 * @param deadLetter the rejection, or null if there is an event
 */
public record Ingested(EventStream stream, ShopEvent event, DeadLetter deadLetter) {

    /** What a rejected record has for a time: none that could move a watermark. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** Event time in epoch milliseconds, or {@link #NO_TIME}. */
    public long time() {
        return event == null ? NO_TIME : event.time();
    }
}
