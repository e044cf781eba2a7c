package io.shopwatch.domain.sales;

/**
 * The figures of sales that are summed per window, segment value and (where money is involved) currency. Saved state
 * refers to them by position: append, never reorder.
 */
public enum SalesFigure {
    /** Distinct visitors with any click. */
    VISITORS(false),
    /** Orders placed. */
    ORDERS_PLACED(true),
    /** Orders paid. */
    ORDERS_PAID(true),
    /** Distinct visitors who paid in a currency. */
    BUYERS(true),
    /** Distinct visitors who paid, whatever the currency. */
    BUYERS_ANY_CURRENCY(false),
    /** Units paid. */
    UNITS_PAID(true),
    /** Gross merchandise value at the time of placing, in 1/10000 currency units. */
    GMV_PLACED(true),
    /** Gross merchandise value at the time of payment, in 1/10000 currency units. */
    GMV_PAID(true),
    /** Refunds, in 1/10000 currency units. */
    REFUNDED(true),
    /** Carts that ended with an order. */
    CARTS_ORDERED(false),
    /** Carts that were left. */
    CARTS_ABANDONED(false);

    private final boolean perCurrency;

    SalesFigure(boolean perCurrency) {
        this.perCurrency = perCurrency;
    }

    /** Whether the figure is kept per currency; the others are the same in all currencies. */
    public boolean perCurrency() {
        return perCurrency;
    }
}
