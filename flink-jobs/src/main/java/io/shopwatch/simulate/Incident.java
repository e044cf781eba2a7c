package io.shopwatch.simulate;

import java.util.Set;

/**
 * An incident that really happened in a simulation, as a line of the truth file.
 *
 * @param kind kind of alert that ought to name it, for example {@code conversion_drop}
 * @param segment segment it shows in: {@code all}, {@code device}, {@code stream} or {@code sku}
 * @param value value of the segment; for {@code sku} as alerts name it, the SKU, {@code @} and the warehouse
 * @param start first moment, epoch milliseconds
 * @param end end (exclusive), epoch milliseconds
 * @param detail for a person
 * @param funnel for {@code conversion_drop} the funnel, else null
 * @param transition for {@code conversion_drop} the step that breaks, for example {@code order>pay}; transitions that
 *     span it fall with it
 * @param warehouse for stock the warehouse, else null
 */
public record Incident(
        String kind,
        String segment,
        String value,
        long start,
        long end,
        String detail,
        String funnel,
        String transition,
        String warehouse) {

    /**
     * Kinds that a simulation knows all incidents of. Of other kinds its truth says nothing: when stock is low, or will be
     * out soon, follows from the settings of who watches it.
     */
    public static final Set<String> KINDS = Set.of(
            "conversion_drop", "stock_out", "oversell", "unpaid_orders", "order_burst", "traffic_surge", "no_data");

    static Incident open(String kind, String segment, String value, long start, String detail) {
        if (!KINDS.contains(kind)) {
            throw new IllegalArgumentException(kind + " is not among the kinds that a truth tells of");
        }
        return new Incident(kind, segment, value, start, Long.MAX_VALUE, detail, null, null, null);
    }

    Incident in(String funnelName, String transitionName) {
        return new Incident(kind, segment, value, start, end, detail, funnelName, transitionName, warehouse);
    }

    Incident at(String warehouseName) {
        return new Incident(kind, segment, value, start, end, detail, funnel, transition, warehouseName);
    }

    Incident until(long endMillis) {
        return new Incident(kind, segment, value, start, endMillis, detail, funnel, transition, warehouse);
    }

    boolean isOpen() {
        return end == Long.MAX_VALUE;
    }
}
