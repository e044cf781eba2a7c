package io.shopwatch.notify;

import java.time.Duration;

/** What a receiver made of a request. */
sealed interface Answer {

    /** Taken. */
    record Delivered() implements Answer {}

    /**
     * Not now.
     *
     * @param reason for a log, without URL or secret
     * @param retryAfter how long the receiver asks to be left alone, or null
     */
    record TryLater(String reason, Duration retryAfter) implements Answer {}

    /**
     * Never: repeating the same request would fail again.
     *
     * @param reason for a log, without URL or secret
     */
    record Refused(String reason) implements Answer {}

    static Answer delivered() {
        return new Delivered();
    }

    static Answer tryLater(String reason) {
        return new TryLater(reason, null);
    }
}
