package io.shopwatch.serve;

import io.shopwatch.wire.InventoryResult;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/** Which stock matters most, and the figures of all of it. */
final class StockFigures {

    /** States of stock, as labels. */
    static final List<String> STATES = List.of("in_stock", "low", "out", "oversold", "unknown");

    /** What matters most first: out, oversold, low, then what sells fastest; the SKU breaks ties. */
    static final Comparator<InventoryResult> MOST_URGENT = Comparator.comparingInt(StockFigures::urgency)
            .thenComparing(Comparator.comparingDouble(StockFigures::demand).reversed())
            .thenComparing(InventoryResult::sku)
            .thenComparing(InventoryResult::warehouse);

    private StockFigures() {}

    private static int urgency(InventoryResult stock) {
        return switch (stock.state()) {
            case "out" -> 0;
            case "oversold" -> 1;
            case "low" -> 2;
            default -> 3;
        };
    }

    /** The first {@code limit} of the most urgent. */
    static List<InventoryResult> mostUrgent(List<InventoryResult> stock, int limit) {
        return first(stock, MOST_URGENT, limit);
    }

    /** The first {@code limit} in that order. */
    static List<InventoryResult> first(List<InventoryResult> stock, Comparator<InventoryResult> order, int limit) {
        // The last of those kept is at the head, so all of a large stock is gone through only once.
        PriorityQueue<InventoryResult> kept = new PriorityQueue<>(order.reversed());
        for (InventoryResult one : stock) {
            kept.add(one);
            if (kept.size() > limit) {
                kept.poll();
            }
        }
        return kept.stream().sorted(order).toList();
    }

    /** Whether nothing is left to sell. */
    static boolean isOut(InventoryResult stock) {
        return stock.state().equals("out") || stock.state().equals("oversold");
    }

    /** Units per hour that buyers want: the velocity, of what ran out the velocity that it had then. */
    static double demand(InventoryResult stock) {
        return isOut(stock) && stock.velocityAtStockOut() != null
                ? stock.velocityAtStockOut()
                : stock.velocityPerHour();
    }

    /** Revenue lost per hour: demand times the last unit price while the SKU is out, else 0. */
    static double revenueAtRisk(InventoryResult stock) {
        return isOut(stock) && stock.unitPrice() != null ? demand(stock) * Double.parseDouble(stock.unitPrice()) : 0;
    }

    /** The number of SKUs in each state, also of states that none is in. */
    static Map<String, Long> byState(List<InventoryResult> stock) {
        Map<String, Long> counts = new TreeMap<>();
        STATES.forEach(state -> counts.put(state, 0L));
        stock.forEach(one -> counts.merge(one.state(), 1L, Long::sum));
        return counts;
    }

    /**
     * Share of SKUs with stock records that are out or oversold.
     *
     * @param byDemand whether each weighs what buyers want of it, or all the same
     * @return null where there is nothing to take a share of
     */
    static Double stockOutRatio(List<InventoryResult> stock, boolean byDemand) {
        double out = 0;
        double total = 0;
        for (InventoryResult one : stock) {
            if (!one.state().equals("unknown")) {
                double weight = byDemand ? demand(one) : 1;
                total += weight;
                out += isOut(one) ? weight : 0;
            }
        }
        return total > 0 ? out / total : null;
    }
}
