package io.shopwatch.replay;

import io.shopwatch.domain.event.EventStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;

/** Counts events by stream. Not thread-safe. */
public final class Tally {
    private final Map<EventStream, Long> counts = new EnumMap<>(EventStream.class);

    /** Counts one event. */
    public void add(EventStream stream) {
        counts.merge(stream, 1L, Long::sum);
    }

    /** Events of a stream. */
    public long of(EventStream stream) {
        return counts.getOrDefault(stream, 0L);
    }

    /** Events of all streams. */
    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** For a person: {@code clicks 17055, carts 165, orders 428, stock 0}. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ");
        for (EventStream stream : EventStream.values()) {
            text.add(stream.wireName() + " " + of(stream));
        }
        return text.toString();
    }
}
