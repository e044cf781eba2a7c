package io.shopwatch.wire;

import io.shopwatch.domain.event.ShopEvent;

/**
 * What became of one record: either an event, or the reason of its rejection.
 *
 * @param event the event, null if the record was rejected
 * @param reason why it was rejected, null if it was not
 * @param detail what exactly was wrong, for a person: one short line without control characters; null if accepted
 */
public record Decoded(ShopEvent event, DeadLetterReason reason, String detail) {

    /** A record that is an event. */
    static Decoded accepted(ShopEvent event) {
        return new Decoded(event, null, null);
    }

    /** A record that is none. */
    static Decoded rejected(DeadLetterReason reason, String detail) {
        return new Decoded(null, reason, detail);
    }

    /** Whether there is an event. */
    public boolean isAccepted() {
        return event != null;
    }
}
