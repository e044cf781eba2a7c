package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Outcome;

/**
 * How many records of a stream had an outcome, in one subtask since its last tally.
 *
 * @param stream stream
 * @param outcome outcome
 * @param count records
 * @param newest newest event time among them, epoch milliseconds; {@link Long#MIN_VALUE} if none is known
 */
public record Tally(EventStream stream, Outcome outcome, long count, long newest) implements Counted {
    @Override
    public String name() {
        return stream.wireName();
    }
}
