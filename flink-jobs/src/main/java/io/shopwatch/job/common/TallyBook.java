package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Outcome;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Counts of one subtask on their way to the job's totals. They are flushed before every checkpoint barrier, so they need
 * no state of their own and each record is in exactly one total, whatever fails.
 */
final class TallyBook {
    private static final EventStream[] STREAMS = EventStream.values();
    private static final Outcome[] OUTCOMES = Outcome.values();

    private final long[][] counts = new long[STREAMS.length][OUTCOMES.length];
    private final long[] newest = new long[STREAMS.length];
    private boolean dirty;

    TallyBook() {
        Arrays.fill(newest, Long.MIN_VALUE);
    }

    /** Counts records; {@code time} is the newest event time among them or {@link Long#MIN_VALUE}. */
    void count(EventStream stream, Outcome outcome, long records, long time) {
        if (records == 0) {
            return;
        }
        counts[stream.ordinal()][outcome.ordinal()] += records;
        if (time > newest[stream.ordinal()]) {
            newest[stream.ordinal()] = time;
        }
        dirty = true;
    }

    /** Hands over what was counted since the last flush. */
    void flush(Consumer<Tally> to) {
        if (!dirty) {
            return;
        }
        dirty = false;
        for (EventStream stream : STREAMS) {
            for (Outcome outcome : OUTCOMES) {
                long count = counts[stream.ordinal()][outcome.ordinal()];
                if (count != 0) {
                    counts[stream.ordinal()][outcome.ordinal()] = 0;
                    to.accept(new Tally(stream, outcome, count, newest[stream.ordinal()]));
                }
            }
        }
    }
}
