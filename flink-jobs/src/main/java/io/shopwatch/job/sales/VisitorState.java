package io.shopwatch.job.sales;

import io.shopwatch.domain.sales.VisitorSales;

/**
 * State of a visitor.
 *
 * @param sales what sales remember
 * @param timer the earliest timer that is registered
 */
public record VisitorState(VisitorSales sales, long timer) {
    static final VisitorState NEW = new VisitorState(VisitorSales.EMPTY, VisitorSales.NEVER);
}
