package io.shopwatch.job.common;

import io.shopwatch.domain.event.Outcome;

/** Records of one kind that had one outcome; {@link StatusOperator} sums them. */
public interface Counted {
    /** What was read: a stream's name, or another topic's. */
    String name();

    /** What became of it. */
    Outcome outcome();

    /** Number of records. */
    long count();

    /** Newest event time among them, epoch milliseconds; {@link Long#MIN_VALUE} if none is known. */
    long newest();
}
