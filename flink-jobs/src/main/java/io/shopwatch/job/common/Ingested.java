package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.wire.DeadLetter;

/**
 * A record as read from an input: an event, or what became of it.
 *
 * @param stream stream it was read from
 * @param time event time in epoch milliseconds, or {@link #NO_TIME} for a rejected record
 * @param event the event, or null if the record was rejected
 * @param deadLetter the rejection, or null if there is an event
 */
public record Ingested(EventStream stream, long time, ShopEvent event, DeadLetter deadLetter) {

    /** What a rejected record has for a time: none that could move a watermark. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** An event. */
    public static Ingested of(ShopEvent event) {
        return new Ingested(event.stream(), event.time(), event, null);
    }

    /** A rejected record. */
    public static Ingested rejected(EventStream stream, DeadLetter deadLetter) {
        return new Ingested(stream, NO_TIME, null, deadLetter);
    }

    /** The end of a recording: no record, but time goes on to here. */
    public static Ingested end(long time) {
        return new Ingested(null, time, null, null);
    }

    /** Whether this is only the end of a recording. */
    public boolean isEnd() {
        return event == null && deadLetter == null;
    }
}
