package io.shopwatch.domain.sales;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a promotion has sold since it began, from the running total of each day: the total at the promotion's start is
 * taken off its first day, and what comes after its end does not count. Exact when the totals of each second are seen;
 * days that were not seen at all count nothing, and if the total at the start was not seen, the first one seen after it
 * is taken in its place, so that nothing from before the promotion ever counts.
 */
public final class PromotionProgress {

    /** The running total of one day at {@code at}, exclusive, epoch milliseconds. */
    private record Total(long at, BigDecimal gmv) {}

    private final Instant start;
    private final Instant end;
    private final ZoneId zone;
    private final Map<LocalDate, Total> days = new TreeMap<>();
    private Total atStart;
    /** Whether {@link #atStart} is the figure at the start, not a later stand-in. */
    private boolean startSeen;

    /**
     * @param start when the promotion begins, inclusive
     * @param end when it ends, exclusive
     * @param zone time zone in which days begin
     */
    public PromotionProgress(Instant start, Instant end, ZoneId zone) {
        this.start = start;
        this.end = end;
        this.zone = zone;
        if (start.equals(midnight(day(start.toEpochMilli())))) {
            atStart = new Total(start.toEpochMilli(), BigDecimal.ZERO);
            startSeen = true;
        }
    }

    /**
     * Takes in the total of a day so far. Totals may come in any order and more than once.
     *
     * @param at exclusive end of the total, epoch milliseconds; the day is the one that holds the instant before
     * @param gmv the day's total until then
     */
    public void dayToDate(long at, BigDecimal gmv) {
        LocalDate day = day(at - 1);
        if (day.isBefore(day(start.toEpochMilli())) || at > end.toEpochMilli()) {
            return;
        }
        Total total = new Total(at, gmv);
        if (day.equals(day(start.toEpochMilli()))) {
            rememberStart(total);
        }
        if (at > start.toEpochMilli()) {
            days.merge(day, total, (known, other) -> other.at >= known.at ? other : known);
        }
    }

    private void rememberStart(Total total) {
        if (total.at <= start.toEpochMilli()) {
            if (!startSeen || total.at >= atStart.at) {
                atStart = total;
                startSeen = true;
            }
        } else if (!startSeen && (atStart == null || total.at < atStart.at)) {
            atStart = total;
        }
    }

    /** Sold since the start, 0 before it. */
    public BigDecimal gmv() {
        BigDecimal sum = BigDecimal.ZERO;
        for (Map.Entry<LocalDate, Total> day : days.entrySet()) {
            sum = sum.add(day.getValue().gmv);
            if (day.getKey().equals(day(start.toEpochMilli()))) {
                sum = sum.subtract(atStart.gmv);
            }
        }
        return sum;
    }

    /**
     * What will have been sold by the end if it goes on at the average pace since the start: gmv · length / elapsed.
     *
     * @param now event time of the figures
     * @return null before the start
     */
    public BigDecimal projected(Instant now) {
        if (!now.isAfter(start)) {
            return null;
        }
        if (!now.isBefore(end)) {
            return gmv();
        }
        BigDecimal length = BigDecimal.valueOf(Duration.between(start, end).toMillis());
        BigDecimal elapsed = BigDecimal.valueOf(Duration.between(start, now).toMillis());
        return gmv().multiply(length).divide(elapsed, MathContext.DECIMAL64);
    }

    private LocalDate day(long timeMillis) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(timeMillis), zone);
    }

    private Instant midnight(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }
}
