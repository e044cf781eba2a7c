package io.shopwatch.wire;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * Sales of one window and currency; value of the topic {@code sales}. Money is a decimal string in currency units.
 *
 * @param window {@code 1m}, {@code 5m}, {@code 1h} or {@code today}
 * @param end exclusive end of the window, epoch milliseconds
 * @param segment segment
 * @param value value of the segment
 * @param currency ISO 4217
 * @param visitors distinct visitors with any click, whatever the currency
 * @param ordersPlaced orders placed in this currency
 * @param ordersPaid orders paid in this currency
 * @param buyers distinct visitors who paid in this currency
 * @param buyersAnyCurrency distinct visitors who paid, whatever the currency
 * @param unitsPaid units paid in this currency
 * @param gmvPlaced gross merchandise value at the time of placing
 * @param gmvPaid gross merchandise value at the time of payment
 * @param refunded refunds at their own time, never negative
 * @param cartsOrdered carts that ended as ordered, whatever the currency
 * @param cartsAbandoned carts that ended as abandoned, whatever the currency
 * @param watermark event time up to which everything is in the figures, epoch milliseconds
 */
public record SalesResult(
        String window,
        long end,
        String segment,
        String value,
        String currency,
        long visitors,
        long ordersPlaced,
        long ordersPaid,
        long buyers,
        long buyersAnyCurrency,
        long unitsPaid,
        String gmvPlaced,
        String gmvPaid,
        String refunded,
        long cartsOrdered,
        long cartsAbandoned,
        long watermark) {

    /** Key of the record: window, segment, value and currency. */
    @JsonIgnore
    public String key() {
        return Keys.of(window, segment, value, currency);
    }
}
