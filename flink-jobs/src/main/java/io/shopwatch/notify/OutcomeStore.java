package io.shopwatch.notify;

import io.shopwatch.wire.Notification;
import java.util.List;

/** Durable memory of what became of each message. */
interface OutcomeStore {

    /** Everything remembered; the last entry of a key counts. */
    List<Notification> load();

    /** Remembers; returns when it is durable, or when that takes too long and goes on in the background. */
    void save(Notification outcome);
}
