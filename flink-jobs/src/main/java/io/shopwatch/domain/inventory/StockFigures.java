package io.shopwatch.domain.inventory;

/**
 * The figures of a SKU in a warehouse at one moment.
 *
 * @param sku stock keeping unit
 * @param warehouse warehouse
 * @param category category last seen with the SKU, null before the first
 * @param time exclusive end in epoch milliseconds: the events before it are in, no others
 * @param onHand units on the shelf; while the state is {@link StockState#UNKNOWN}, what orders have changed, from 0
 * @param reserved units of placed orders that have not left yet
 * @param available on-hand − reserved
 * @param velocityPerHour units ordered less units cancelled per hour, exponentially weighted; 0 below {@link
 *     StockLevel#NEGLIGIBLE_VELOCITY}; negative while cancellations outweigh
 * @param coverSeconds available / velocity in seconds; null when nothing sells or stock is unknown
 * @param safetyStock units held against uncertain demand
 * @param reorderPoint units at which to reorder
 * @param state how the SKU stands
 * @param unitPrice last unit price in 1/10000 currency units, null before the first sale
 * @param currency ISO 4217 of {@code unitPrice}; null for the shop's own
 * @param velocityAtStockOut velocity when the SKU last ran out, null while it is in stock
 * @param recentSales orders within the last four half-lives that were not cancelled altogether
 * @param lastReceived event time of the last receipt, null before the first
 */
public record StockFigures(
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
        StockState state,
        Long unitPrice,
        String currency,
        Double velocityAtStockOut,
        long recentSales,
        Long lastReceived) {}
