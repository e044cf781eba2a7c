package io.shopwatch.domain.sales;

import io.shopwatch.domain.event.Segment;
import java.util.List;

/**
 * What sales must remember of one visitor; a value, changed only by {@link VisitorRules}.
 *
 * @param hits per figure, segment value and currency when the visitor was last counted
 * @param cart the open cart, or null
 */
public record VisitorSales(List<Hit> hits, Cart cart) {

    /** No time and no pane. */
    public static final long NEVER = Long.MIN_VALUE;

    /** A visitor of whom nothing is known. */
    public static final VisitorSales EMPTY = new VisitorSales(List.of(), null);

    /**
     * A series that counts the visitor.
     *
     * @param figure {@link SalesFigure#VISITORS}, {@link SalesFigure#BUYERS} or {@link SalesFigure#BUYERS_ANY_CURRENCY}
     * @param segment segment
     * @param value value of the segment
     * @param currency currency of {@code BUYERS}, else null
     * @param pane pane of the last hit that came in time; {@link #NEVER} if there was none
     * @param lateDay end (pane) of the last day for which a late event alone made the visitor count; {@link #NEVER} if
     *     there was none
     */
    public record Hit(SalesFigure figure, Segment segment, String value, String currency, long pane, long lateDay) {}

    /**
     * An open cart; channel to region are those of its last event.
     *
     * @param last event time of its last event, epoch milliseconds
     * @param categories categories of what was put in, each once
     */
    public record Cart(
            long last, String channel, String device, String region, String campaign, List<String> categories) {}

    /** Whether nothing needs to be kept. */
    public boolean isEmpty() {
        return hits.isEmpty() && cart == null;
    }
}
