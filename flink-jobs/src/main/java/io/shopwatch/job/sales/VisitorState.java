package io.shopwatch.job.sales;

import io.shopwatch.domain.sales.VisitorSales;

/**
 * State of a visitor. What wakes it at any other time was asked for by a state that is gone.
 *
 * @param sales what sales remember
 * @param cartTimer when it is to be woken for its cart, epoch milliseconds, or {@link VisitorSales#NEVER}
 * @param hitsTimer when it is to be woken to forget, a full minute, or {@link VisitorSales#NEVER}
 */
record VisitorState(VisitorSales sales, long cartTimer, long hitsTimer) {
    static final VisitorState NEW = new VisitorState(VisitorSales.EMPTY, VisitorSales.NEVER, VisitorSales.NEVER);

    VisitorState with(VisitorSales others) {
        return new VisitorState(others, cartTimer, hitsTimer);
    }
}
