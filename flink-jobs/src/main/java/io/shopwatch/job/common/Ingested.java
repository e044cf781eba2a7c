package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.wire.DeadLetter;

/**
 * A record as read from an input: an event, or what became of it.
 *
 * @param stream stream it was read from
 * @param partition partition of the stream's topic, or {@link #NOWHERE} where it comes from no topic
 * @param offset offset within the partition
 * @param time event time in epoch milliseconds, or {@link #NO_TIME} for a rejected record
 * @param event the event, or null if the record was rejected
 * @param deadLetter the rejection, or null if there is an event
 */
public record Ingested(
        EventStream stream, int partition, long offset, long time, ShopEvent event, DeadLetter deadLetter) {

    /** What a rejected record has for a time: none that could move a watermark. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** The partition of what comes from no topic. */
    public static final int NOWHERE = -1;

    /** An event from no topic. */
    public static Ingested of(ShopEvent event) {
        return of(event, NOWHERE, 0);
    }

    /** An event. */
    public static Ingested of(ShopEvent event, int partition, long offset) {
        return new Ingested(event.stream(), partition, offset, event.time(), event, null);
    }

    /** A rejected record. */
    public static Ingested rejected(EventStream stream, DeadLetter deadLetter) {
        return new Ingested(stream, deadLetter.partition(), deadLetter.offset(), NO_TIME, null, deadLetter);
    }

    /** The end of a recording: no record, but time goes on to here. */
    public static Ingested end(long time) {
        return new Ingested(null, NOWHERE, 0, time, null, null);
    }

    /** Whether this is only the end of a recording. */
    public boolean isEnd() {
        return event == null && deadLetter == null;
    }
}
