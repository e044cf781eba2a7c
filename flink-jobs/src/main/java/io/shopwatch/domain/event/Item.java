package io.shopwatch.domain.event;

/**
 * A line of an order.
 *
 * @param sku stock keeping unit
 * @param category category, or null where the producer gave none
 * @param quantity units, more than 0
 * @param unitPrice price of one unit in 1/10000 of the order's currency unit, see {@link Money}
 * @param warehouse warehouse that serves the line; {@code default} where the producer gave none
 */
public record Item(String sku, String category, long quantity, long unitPrice, String warehouse) {

    /** Quantity × unit price, in 1/10000 of a currency unit. */
    public long value() {
        return quantity * unitPrice;
    }
}
