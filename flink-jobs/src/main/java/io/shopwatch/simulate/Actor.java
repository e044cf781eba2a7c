package io.shopwatch.simulate;

import java.util.Comparator;

/** Someone, or something, that does the next thing at a known time: a visitor, an order, a delivery. */
abstract class Actor {
    /** By time; at the same instant in the order in which they were scheduled. */
    static final Comparator<Actor> BY_TIME =
            Comparator.<Actor>comparingLong(actor -> actor.due).thenComparingLong(actor -> actor.turn);

    /** When to act next, epoch milliseconds. */
    long due;

    /** Settles ties. */
    long turn;

    /** Does what is due at {@code now}, and schedules itself again if there is more to come. */
    abstract void act(long now);
}
