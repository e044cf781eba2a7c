package io.shopwatch.domain.inventory;

import java.util.Locale;

/** How a SKU stands in a warehouse. The order of the constants is the order of urgency. */
public enum StockState {
    /** Nothing left to sell: available = 0. */
    OUT,
    /** More sold than there is: available &lt; 0. */
    OVERSOLD,
    /** Time to reorder: 0 &lt; available ≤ the reorder point or the SKU's own threshold. */
    LOW,
    /** Enough. */
    IN_STOCK,
    /** No stock event has been seen yet, so what is on the shelf is not known. */
    UNKNOWN;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The value of the JSON field {@code state}, for example {@code in_stock}. */
    public String wireName() {
        return wireName;
    }

    /** Whether nothing can be sold: out or oversold. */
    public boolean isOut() {
        return this == OUT || this == OVERSOLD;
    }

    /**
     * The state with that wire name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static StockState ofWireName(String wireName) {
        for (StockState state : values()) {
            if (state.wireName.equals(wireName)) {
                return state;
            }
        }
        throw new IllegalArgumentException("no stock state " + wireName);
    }
}
