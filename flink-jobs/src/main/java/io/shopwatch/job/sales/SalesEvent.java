package io.shopwatch.job.sales;

import io.shopwatch.domain.event.ShopEvent;

/**
 * What the sales of a visitor are made from: a click, a cart event or the fact of an order.
 *
 * @param event the event
 * @param late whether it is the fact of an event whose time has been reported already, so it counts for its day only
 */
public record SalesEvent(ShopEvent event, boolean late) {}
