package io.shopwatch.domain.inventory;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * How a SKU in a warehouse stands, as far as figures over all SKUs need it.
 *
 * @param sku stock keeping unit
 * @param warehouse warehouse
 * @param state state
 * @param velocityPerHour units sold per hour now
 * @param velocityAtStockOut units sold per hour when it ran out; null while it is in stock
 */
public record StockStanding(
        String sku, String warehouse, StockState state, double velocityPerHour, Double velocityAtStockOut) {

    /**
     * What matters most first: out, oversold, low, then all others; within each the fastest selling first, those that
     * are out by what they sold when they ran out; then by name.
     */
    public static final Comparator<StockStanding> MATTERS_MOST = Comparator.<StockStanding>comparingInt(
                    standing -> Math.min(standing.state.ordinal(), StockState.IN_STOCK.ordinal()))
            .thenComparing(
                    Comparator.comparingDouble(StockStanding::demandPerHour).reversed())
            .thenComparing(StockStanding::sku)
            .thenComparing(StockStanding::warehouse);

    /**
     * Units per hour that customers ask for: the velocity, or where the SKU is out, that of when it ran out. Never
     * negative.
     */
    public double demandPerHour() {
        return Math.max(0, state.isOut() && velocityAtStockOut != null ? velocityAtStockOut : velocityPerHour);
    }

    /**
     * Revenue at risk per hour: velocity × last unit price while the SKU is out or oversold, else 0.
     *
     * @param unitPrice last unit price in currency units
     */
    public double revenueAtRisk(double unitPrice) {
        return state.isOut() ? Math.max(0, velocityPerHour) * unitPrice : 0;
    }

    /** The {@code max} that matter most, in that order; takes time n·log(max) over n SKUs. */
    public static List<StockStanding> top(Collection<StockStanding> all, int max) {
        if (max <= 0) {
            return List.of();
        }
        PriorityQueue<StockStanding> kept = new PriorityQueue<>(MATTERS_MOST.reversed());
        for (StockStanding standing : all) {
            if (kept.size() < max) {
                kept.add(standing);
            } else if (MATTERS_MOST.compare(standing, kept.peek()) < 0) {
                kept.poll();
                kept.add(standing);
            }
        }
        return kept.stream().sorted(MATTERS_MOST).toList();
    }
}
