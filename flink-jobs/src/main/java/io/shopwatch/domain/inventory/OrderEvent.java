package io.shopwatch.domain.inventory;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.ShopEvent;
import java.util.Comparator;
import java.util.List;

/**
 * What of an event of an order matters to stock, and is remembered as long as the order.
 *
 * @param type what happened
 * @param eventId unique id of the event
 * @param time event time, epoch milliseconds
 * @param items lines; null means the whole order as placed
 * @param currency ISO 4217, null where the producer gave none
 * @param restock whether refunded units go back on the shelf
 */
public record OrderEvent(
        EventType type, String eventId, long time, List<Item> items, String currency, boolean restock) {

    /** The order in which an order's events are taken: by time, then in the natural order of a purchase, then by id. */
    public static final Comparator<OrderEvent> ORDER = Comparator.comparingLong(OrderEvent::time)
            .thenComparing(OrderEvent::type)
            .thenComparing(OrderEvent::eventId);

    /** The event, without what stock does not need. */
    public static OrderEvent of(ShopEvent event) {
        return new OrderEvent(
                event.type(), event.eventId(), event.time(), event.items(), event.currency(), event.restock());
    }
}
