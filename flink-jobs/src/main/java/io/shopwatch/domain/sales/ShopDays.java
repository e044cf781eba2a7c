package io.shopwatch.domain.sales;

import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * Days in the shop's time zone, in panes (seconds since the epoch); they have 23 or 25 hours where clocks change. Keeps
 * the day last asked for, so an instance belongs to one thread.
 */
public final class ShopDays implements Serializable {
    private static final long serialVersionUID = 1;

    private final ZoneId zone;
    private long start;
    private long end;

    public ShopDays(ZoneId zone) {
        this.zone = zone;
    }

    /** First pane of the day that holds {@code pane}. */
    public long startOf(long pane) {
        find(pane);
        return start;
    }

    /** First pane of the day after the one that holds {@code pane}. */
    public long endOf(long pane) {
        find(pane);
        return end;
    }

    private void find(long pane) {
        if (pane < start || pane >= end) {
            LocalDate day = LocalDate.ofInstant(Instant.ofEpochSecond(pane), zone);
            start = day.atStartOfDay(zone).toEpochSecond();
            end = day.plusDays(1).atStartOfDay(zone).toEpochSecond();
        }
    }
}
