package io.shopwatch.domain.event;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns the events of one order into facts, each of which may be counted as it is.
 *
 * <ul>
 *   <li>An event id seen before, at most {@code dedupTtl} ago, is a duplicate and changes nothing.
 *   <li>{@code placed} and {@code paid} are facts once per order, whatever further event ids claim them.
 *   <li>An event without items means the whole order as placed. If no {@code placed} is known, it waits for one; its fact
 *       then counts as late, since the time it belongs to has been reported already.
 *   <li>A fact carries items, discount and currency. The discount is the event's own; else, without items of its own,
 *       the placed one; else the placed one's share by value. The currency is the event's own, else the placed one, else
 *       the shop's.
 * </ul>
 *
 * <p>The events of an order must be handed over in the order of {@link EventOrder#IN_TIME}, except late ones.
 */
public final class OrderRules implements Serializable {
    private static final long serialVersionUID = 1;

    /** Events of one order that may wait for {@code placed}; further ones are never resolved. */
    public static final int MAX_WAITING = 64;

    /** Event ids remembered per order; beyond this the oldest is forgotten early. */
    public static final int MAX_SEEN = 1024;

    private final long dedupTtl;
    private final long ttl;
    private final String defaultCurrency;

    /**
     * @param dedupTtl how long (event time) an event id is remembered
     * @param ttl how long (event time) an order is remembered after its last event
     * @param defaultCurrency ISO 4217 code of orders that name none
     */
    public OrderRules(Duration dedupTtl, Duration ttl, String defaultCurrency) {
        this.dedupTtl = dedupTtl.toMillis();
        this.ttl = ttl.toMillis();
        this.defaultCurrency = defaultCurrency;
    }

    /**
     * What an event leads to.
     *
     * @param next the order from now on
     * @param duplicate whether the event was a duplicate
     * @param facts facts of this event, in order; empty or one, and none of a late event
     * @param lateFacts facts that belong to a time already reported, in order
     */
    public record Decision(OrderHistory next, boolean duplicate, List<ShopEvent> facts, List<ShopEvent> lateFacts) {}

    /** Takes in an event that came in time, after all earlier ones of its order. */
    public Decision onTime(OrderHistory history, ShopEvent event) {
        return take(history, event, event.time(), false);
    }

    /**
     * Takes in an event that came too late.
     *
     * @param now event time that has been reached, epoch milliseconds
     */
    public Decision late(OrderHistory history, ShopEvent event, long now) {
        return take(history, event, Math.max(now, event.time()), true);
    }

    /**
     * Forgets what has been kept long enough.
     *
     * @param now event time that has been reached, epoch milliseconds
     */
    public OrderHistory settle(OrderHistory history, long now) {
        List<OrderHistory.Seen> seen = history.seen();
        int old = 0;
        while (old < seen.size() && olderThan(dedupTtl, seen.get(old).at(), now)) {
            old++;
        }
        if (old > 0) {
            seen = List.copyOf(seen.subList(old, seen.size()));
        }
        if (history.last() != OrderHistory.NEVER && olderThan(ttl, history.last(), now)) {
            return new OrderHistory(null, 0, null, false, seen, List.of(), OrderHistory.NEVER);
        }
        return old == 0
                ? history
                : new OrderHistory(
                        history.items(),
                        history.discount(),
                        history.currency(),
                        history.paid(),
                        seen,
                        history.waiting(),
                        history.last());
    }

    /**
     * When {@link #settle} has next something to do, epoch milliseconds; {@link OrderHistory#NEVER} when nothing is
     * kept. Ids are forgotten together, after the newest.
     */
    public long due(OrderHistory history) {
        if (!history.seen().isEmpty()) {
            return history.seen().get(history.seen().size() - 1).at() + dedupTtl + 1;
        }
        return history.last() == OrderHistory.NEVER ? OrderHistory.NEVER : history.last() + ttl + 1;
    }

    private Decision take(OrderHistory before, ShopEvent event, long now, boolean late) {
        OrderHistory history = settle(before, now);
        for (OrderHistory.Seen seen : history.seen()) {
            if (seen.eventId().equals(event.eventId())) {
                return new Decision(history, true, List.of(), List.of());
            }
        }
        history = remember(history, event.eventId(), now);
        if (event.type() == EventType.PLACED) {
            return placed(history, event, late);
        }
        if (event.items() == null && !history.placed()) {
            return new Decision(waitFor(history, event), false, List.of(), List.of());
        }
        List<ShopEvent> facts = new ArrayList<>(1);
        history = resolve(history, event, facts);
        return decide(history, late, facts, List.of());
    }

    private Decision placed(OrderHistory history, ShopEvent event, boolean late) {
        if (history.placed()) {
            return new Decision(history, false, List.of(), List.of());
        }
        ShopEvent fact = event.toBuilder()
                .items(event.items() == null ? List.of() : List.copyOf(event.items()))
                .discount(event.discount() == null ? 0L : event.discount())
                .currency(event.currency() == null ? defaultCurrency : event.currency())
                .build();
        OrderHistory next = new OrderHistory(
                fact.items(),
                fact.discount(),
                fact.currency(),
                history.paid(),
                history.seen(),
                List.of(),
                history.last());
        List<ShopEvent> waited = new ArrayList<>();
        for (ShopEvent waiting :
                history.waiting().stream().sorted(EventOrder.IN_TIME).toList()) {
            next = resolve(next, waiting, waited);
        }
        return decide(next, late, List.of(fact), waited);
    }

    private static Decision decide(OrderHistory next, boolean late, List<ShopEvent> facts, List<ShopEvent> waited) {
        if (!late) {
            return new Decision(next, false, facts, waited);
        }
        List<ShopEvent> all = new ArrayList<>(facts);
        all.addAll(waited);
        return new Decision(next, false, List.of(), all);
    }

    /** Adds the fact of an event that is neither a {@code placed} nor in need of an unknown one, if it is one. */
    private OrderHistory resolve(OrderHistory history, ShopEvent event, List<ShopEvent> facts) {
        boolean pays = event.type() == EventType.PAID;
        if (pays && history.paid()) {
            return history;
        }
        boolean whole = event.items() == null;
        List<Item> items = whole ? history.items() : List.copyOf(event.items());
        long discount;
        if (event.discount() != null) {
            discount = event.discount();
        } else if (whole || !history.placed()) {
            discount = history.discount();
        } else {
            discount = Discounts.shareOf(history.discount(), history.items(), items);
        }
        String placedCurrency = history.currency() == null ? defaultCurrency : history.currency();
        facts.add(event.toBuilder()
                .items(items)
                .discount(discount)
                .currency(event.currency() == null ? placedCurrency : event.currency())
                .build());
        return pays
                ? new OrderHistory(
                        history.items(),
                        history.discount(),
                        history.currency(),
                        true,
                        history.seen(),
                        history.waiting(),
                        history.last())
                : history;
    }

    private static OrderHistory remember(OrderHistory history, String eventId, long now) {
        int drop = history.seen().size() >= MAX_SEEN ? 1 : 0;
        List<OrderHistory.Seen> seen = new ArrayList<>(history.seen().size() + 1);
        seen.addAll(history.seen().subList(drop, history.seen().size()));
        seen.add(new OrderHistory.Seen(eventId, now));
        return new OrderHistory(
                history.items(),
                history.discount(),
                history.currency(),
                history.paid(),
                seen,
                history.waiting(),
                Math.max(history.last(), now));
    }

    private static OrderHistory waitFor(OrderHistory history, ShopEvent event) {
        if (history.waiting().size() >= MAX_WAITING) {
            return history;
        }
        List<ShopEvent> waiting = new ArrayList<>(history.waiting());
        waiting.add(event);
        return new OrderHistory(
                history.items(),
                history.discount(),
                history.currency(),
                history.paid(),
                history.seen(),
                waiting,
                history.last());
    }

    private static boolean olderThan(long ttl, long at, long now) {
        return now - at > ttl;
    }
}
