package io.shopwatch.wire;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * Stock of a SKU in a warehouse; value of the topic {@code inventory}.
 *
 * @param sku stock keeping unit
 * @param warehouse warehouse
 * @param category category last seen with the SKU in an order, {@code unknown} before
 * @param time event time of the figures, epoch milliseconds; all events before it are in
 * @param onHand units on the shelf
 * @param reserved units of placed orders that have not left yet
 * @param available on-hand − reserved
 * @param velocityPerHour units sold per hour, exponentially weighted
 * @param coverSeconds available / velocity in seconds; null when nothing sells
 * @param safetyStock units held against uncertain demand
 * @param reorderPoint units at which to reorder
 * @param state {@code in_stock}, {@code low}, {@code out}, {@code oversold} or {@code unknown}
 * @param unitPrice last unit price as a decimal string, null before the first sale
 * @param currency currency of {@code unitPrice}
 * @param velocityAtStockOut velocity when the SKU last ran out, null while it is in stock
 * @param recentSales orders behind the velocity within its last four half-lives
 * @param lastReceived event time of the last receipt, epoch milliseconds; null before the first
 */
public record InventoryResult(
        String sku,
        String warehouse,
        String category,
        long time,
        long onHand,
        long reserved,
        long available,
        double velocityPerHour,
        Double coverSeconds,
        double safetyStock,
        double reorderPoint,
        String state,
        String unitPrice,
        String currency,
        Double velocityAtStockOut,
        long recentSales,
        Long lastReceived) {

    /** Key of the record: SKU and warehouse. */
    @JsonIgnore
    public String key() {
        return Keys.of(sku, warehouse);
    }
}
