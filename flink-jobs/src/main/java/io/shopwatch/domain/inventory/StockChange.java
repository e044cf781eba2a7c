package io.shopwatch.domain.inventory;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import java.util.Comparator;

/**
 * A change to the stock of one SKU in one warehouse: a stock event, or what an order does. Changes of orders are
 * differences and simply add up; one that was sent too early in the light of a later arrival is taken back by its
 * negative.
 *
 * @param kind what {@code onHand} means, see {@link Kind}
 * @param sku stock keeping unit
 * @param warehouse warehouse
 * @param eventId id of the event behind it; breaks ties between equal times
 * @param time event time at which it holds, epoch milliseconds: a later count already contains it
 * @param known event time from which it is known, epoch milliseconds, never before {@code time}; later than {@code time}
 *     where only another event made clear what this one meant
 * @param onHand units on the shelf
 * @param reserved units reserved
 * @param units units ordered (more than 0) or cancelled (less than 0), for velocity and demand
 * @param orders orders behind {@code units}
 * @param category category of the SKU, null where nothing says it
 * @param unitPrice price of a unit in 1/10000 currency units, null where nothing says it
 * @param currency ISO 4217 of {@code unitPrice}, null for the shop's own
 */
public record StockChange(
        Kind kind,
        String sku,
        String warehouse,
        String eventId,
        long time,
        long known,
        long onHand,
        long reserved,
        long units,
        long orders,
        String category,
        Long unitPrice,
        String currency) {

    /** Where a change comes from. */
    public enum Kind {
        /** A count: {@code onHand} replaces what is on the shelf. */
        COUNTED,
        /** A receipt: {@code onHand} is added. */
        RECEIVED,
        /** A correction: {@code onHand} is added. */
        ADJUSTED,
        /** An order: all amounts are added. */
        ORDER
    }

    /** A total order of changes, so that those of one instant are always taken alike. */
    public static final Comparator<StockChange> ORDER = Comparator.comparingLong(StockChange::known)
            .thenComparingLong(StockChange::time)
            .thenComparing(StockChange::kind)
            .thenComparing(StockChange::eventId)
            .thenComparingLong(StockChange::onHand)
            .thenComparingLong(StockChange::reserved)
            .thenComparingLong(StockChange::units)
            .thenComparingLong(StockChange::orders);

    /**
     * The change that a stock event is.
     *
     * @throws IllegalArgumentException if the event is none of the stock stream
     */
    public static StockChange of(ShopEvent event) {
        Kind kind = kindOf(event.type());
        return new StockChange(
                kind,
                event.sku(),
                event.warehouse(),
                event.eventId(),
                event.time(),
                event.time(),
                event.quantity(),
                0,
                0,
                0,
                null,
                null,
                null);
    }

    private static Kind kindOf(EventType type) {
        return switch (type) {
            case COUNTED -> Kind.COUNTED;
            case RECEIVED -> Kind.RECEIVED;
            case ADJUSTED -> Kind.ADJUSTED;
            default -> throw new IllegalArgumentException(type + " is no stock event");
        };
    }
}
