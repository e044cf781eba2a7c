package io.shopwatch.domain.alert;

import java.util.Locale;

/** What a rule watches for. */
public enum RuleKind {
    /** A conversion fell against its baseline. */
    CONVERSION_DROP,
    /** A SKU that was available is not any more. */
    STOCK_OUT,
    /** Available units are at or under the reorder point. */
    LOW_STOCK,
    /** More units are promised than there are. */
    OVERSELL,
    /** Cover is shorter than the horizon. */
    STOCK_OUT_IMMINENT,
    /** Out, and nothing received for a while. */
    STOCK_OUT_UNATTENDED,
    /** Fewer orders are paid in time than usual. */
    UNPAID_ORDERS,
    /** Many more orders per visitor than usual. */
    ORDER_BURST,
    /** GMV of a promotion behind its pace. */
    GMV_BEHIND_TARGET,
    /** Many more visitors than usual. */
    TRAFFIC_SURGE,
    /** An input stream fell silent. */
    NO_DATA;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in rules, alerts and labels, for example {@code conversion_drop}. */
    public String wireName() {
        return wireName;
    }

    /** Whether it is kept per SKU and warehouse. */
    public boolean isStock() {
        return switch (this) {
            case STOCK_OUT, LOW_STOCK, OVERSELL, STOCK_OUT_IMMINENT, STOCK_OUT_UNATTENDED -> true;
            default -> false;
        };
    }

    /** Whether it is evaluated from the sales figures. */
    public boolean isSales() {
        return switch (this) {
            case UNPAID_ORDERS, ORDER_BURST, GMV_BEHIND_TARGET, TRAFFIC_SURGE -> true;
            default -> false;
        };
    }
}
