package io.shopwatch.domain.sales;

import io.shopwatch.domain.event.Segment;

/**
 * Where changes of sales figures are written. A pane is a second since the epoch; a window's figure is the sum of its
 * panes. {@code currency} is null for figures that are not {@linkplain SalesFigure#perCurrency() per currency}.
 */
public interface SalesLedger {

    /** Adds to a pane of the sliding windows and of the day. */
    void add(SalesFigure figure, Segment segment, String value, String currency, long pane, long amount);

    /**
     * Moves one from an earlier pane to a later one, in the sliding windows only: so a visitor is counted in the pane of
     * the last hit, and the sum over a window's panes is its number of distinct visitors.
     *
     * @param previous pane that loses one, or {@link VisitorSales#NEVER} when it is in no window any more
     */
    void move(SalesFigure figure, Segment segment, String value, String currency, long pane, long previous);

    /** Adds to the day of that pane, not to sliding windows. */
    void addToday(SalesFigure figure, Segment segment, String value, String currency, long pane, long amount);
}
