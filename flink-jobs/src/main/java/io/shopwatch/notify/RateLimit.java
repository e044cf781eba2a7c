package io.shopwatch.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** At most so many messages within any minute, whichever minute one looks at. Not for several threads. */
final class RateLimit {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final int perMinute;
    private final Deque<Instant> sent = new ArrayDeque<>();

    RateLimit(int perMinute) {
        this.perMinute = Math.max(1, perMinute);
    }

    /** When the next message may go, at the earliest. */
    Instant free() {
        return sent.size() < perMinute ? Instant.MIN : sent.getFirst().plus(MINUTE);
    }

    void used(Instant now) {
        sent.addLast(now);
        if (sent.size() > perMinute) {
            sent.removeFirst();
        }
    }
}
