package io.shopwatch.replay;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.wire.EventEncoder;

/**
 * What was recorded at one moment: an event, or a line of a stream that is none and is passed on as it is.
 *
 * @param time event time, epoch milliseconds; for a line that is no event that of the line before it
 * @param event the event, or null
 * @param raw the JSON that it was read from; null where it was read from something else
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record Recorded(EventStream stream, long time, ShopEvent event, byte[] raw) {

    /** Key of the record in Kafka, or null where there is no event. */
    public String key() {
        return event == null ? null : EventEncoder.recordKey(event);
    }

    /** The record's value: the very bytes that were recorded where they were ours. */
    public byte[] value() {
        return raw == null ? EventEncoder.encode(event) : raw;
    }

    /** The event's bytes, moved to another time; a line that is no event stays as it is. */
    public byte[] valueAt(long newTime) {
        return event == null ? raw : EventEncoder.encode(event.withTime(newTime));
    }
}
