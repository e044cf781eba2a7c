package io.shopwatch.domain.inventory;

/**
 * All that is remembered of a SKU in a warehouse, beside its {@link OnHandHistory}: plain fields, so that any host can
 * store them. Only {@link StockLevel} gives them meaning. Times are epoch milliseconds of event time.
 */
public final class StockMemory {
    /** Stands for "no such time". */
    public static final long NEVER = Long.MIN_VALUE;

    public String sku;
    public String warehouse;

    /** Whether any stock event has been seen. */
    public boolean counted;

    public long onHand;
    public long reserved;
    public long countTime = NEVER;
    public String countId = "";

    /** Units ordered less units cancelled, each weighted by its age at {@link #decayedAt}. */
    public double decayedUnits;

    public long decayedAt = NEVER;
    public long lastSale = NEVER;

    /** Units by hour, see {@link HourlyDemand}. */
    public long[] hours = Buckets.NONE;

    /** Orders by fifteenth of a half-life. */
    public long[] orders = Buckets.NONE;

    public long firstSeen = NEVER;

    /** Newest event time from which a change was known. */
    public long lastSeen = NEVER;

    public String category;
    public long categoryTime = NEVER;
    public String categoryId = "";

    public Long unitPrice;
    public String currency;
    public long priceTime = NEVER;
    public String priceId = "";

    public long lastReceived = NEVER;

    /** Velocity when available fell to 0 or below; null while it is above, or not known. */
    public Double velocityAtStockOut;

    /** When the next figures are due because something changed. */
    public long changedDue = NEVER;

    /** When the next figures are due because time passes. */
    public long refreshDue = NEVER;

    /** What the last figures said, to tell whether the passing of an hour makes a difference. */
    public double shownSafetyStock;

    public double shownReorderPoint;
    public double shownVelocity;
}
