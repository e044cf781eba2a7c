package io.shopwatch.serve;

import io.shopwatch.domain.inventory.StockOutRatio;
import io.shopwatch.domain.inventory.StockStanding;
import io.shopwatch.domain.inventory.StockState;
import io.shopwatch.wire.InventoryResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** A SKU in a warehouse: its latest result, and how it stands among the others. */
record Stock(InventoryResult result, StockStanding standing) {

    /** What matters most first. */
    static final Comparator<Stock> MATTERS_MOST = Comparator.comparing(Stock::standing, StockStanding.MATTERS_MOST);

    /**
     * The result and its standing.
     *
     * @throws IllegalArgumentException if there is no such state
     */
    static Stock of(InventoryResult result) {
        return new Stock(
                result,
                new StockStanding(
                        result.sku(),
                        result.warehouse(),
                        StockState.ofWireName(result.state()),
                        result.velocityPerHour(),
                        result.velocityAtStockOut()));
    }

    boolean isOut() {
        return standing.state().isOut();
    }

    /** Revenue at risk per hour, 0 while in stock or before the first sale. */
    double revenueAtRisk() {
        return result.unitPrice() == null ? 0 : standing.revenueAtRisk(Double.parseDouble(result.unitPrice()));
    }

    /** The first {@code limit} in that order, in time n·log(limit). */
    static List<Stock> first(Collection<Stock> stock, Comparator<Stock> order, int limit) {
        // The last of those kept is at the head, so all of a large stock is gone through only once.
        PriorityQueue<Stock> kept = new PriorityQueue<>(order.reversed());
        for (Stock one : stock) {
            if (kept.size() < limit) {
                kept.add(one);
            } else if (!kept.isEmpty() && order.compare(one, kept.peek()) < 0) {
                kept.poll();
                kept.add(one);
            }
        }
        return kept.stream().sorted(order).toList();
    }

    /** The number of SKUs in each state, also of states that none is in. */
    static Map<StockState, Long> byState(Collection<Stock> stock) {
        Map<StockState, Long> counts = new EnumMap<>(StockState.class);
        for (StockState state : StockState.values()) {
            counts.put(state, 0L);
        }
        stock.forEach(one -> counts.merge(one.standing.state(), 1L, Long::sum));
        return counts;
    }

    static StockOutRatio outRatio(Collection<Stock> stock) {
        List<StockStanding> standings = new ArrayList<>(stock.size());
        stock.forEach(one -> standings.add(one.standing));
        return StockOutRatio.of(standings);
    }
}
