package io.shopwatch.notify;

import io.shopwatch.wire.Alert;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A product that takes alerts: how its messages are written and its answers read. No input or output of its own. */
interface Receiver {

    /** Where the messages go; a secret. */
    URI uri();

    /**
     * The request that tells of an alert.
     *
     * @param now wall clock, for signatures and expiry
     */
    Post post(Alert alert, Instant now);

    /**
     * What an answer with a 2xx status says; several products report failures in the body of a 200.
     *
     * @param body the first 64 KiB of the answer
     */
    default Answer read(String body) {
        return Answer.delivered();
    }

    /** What the product allows; settings can only ask for less. */
    default int maxPerMinute() {
        return Integer.MAX_VALUE;
    }

    /**
     * Whether a firing that was not delivered before its incident ended is left out. People need no alarm for what is
     * over, the resolved message tells it all; a program may count on seeing both.
     */
    default boolean skipsStaleFiring() {
        return true;
    }

    /** How often alerts that still fire are told again, or null where once is enough. */
    default Duration repeatEvery() {
        return null;
    }

    /**
     * The request that repeats all alerts that still fire.
     *
     * @throws UnsupportedOperationException where {@link #repeatEvery} is null
     */
    default Post repeat(List<Alert> firing, Instant now) {
        throw new UnsupportedOperationException();
    }
}
