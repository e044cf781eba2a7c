package io.shopwatch.domain.event;

import java.util.List;

/**
 * What is known of one order; a value, changed only by {@link OrderRules}.
 *
 * @param items the items as placed; null while no {@code placed} is known
 * @param discount the discount as placed, in 1/10000 currency units
 * @param currency the currency as placed; null while none is known
 * @param paid whether a payment has been counted
 * @param seen ids of the events taken in, oldest first
 * @param waiting events that need the items of a {@code placed} that has not come yet
 * @param last event time at which the order last changed, epoch milliseconds; {@link #NEVER} before the first event
 */
public record OrderHistory(
        List<Item> items,
        long discount,
        String currency,
        boolean paid,
        List<Seen> seen,
        List<ShopEvent> waiting,
        long last) {

    /** No time. */
    public static final long NEVER = Long.MIN_VALUE;

    /** An order of which nothing is known. */
    public static final OrderHistory EMPTY = new OrderHistory(null, 0, null, false, List.of(), List.of(), NEVER);

    /** An event id and the event time (epoch milliseconds) at which it was taken in. */
    public record Seen(String eventId, long at) {}

    /** Whether a {@code placed} is known. */
    public boolean placed() {
        return items != null;
    }

    /** Whether nothing is known, so that nothing needs to be kept. */
    public boolean isEmpty() {
        return last == NEVER && seen.isEmpty();
    }
}
