package io.shopwatch.domain.alert;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How a promotion's GMV stands beside a steady pace towards its target. GMV since the start is pieced together from the
 * day's running total, over midnights too.
 *
 * <p>Fields are public because this is also what a checkpoint holds.
 */
public class GmvPace {
    /** Share of the promotion that must have passed: the first orders say nothing about the pace. */
    private static final double WARM_UP = 0.02;

    public BigDecimal gmv = BigDecimal.ZERO;
    public BigDecimal today = BigDecimal.ZERO;
    public long day = Long.MIN_VALUE;
    public boolean seen;

    /**
     * Takes in the running total of a day.
     *
     * @param dayNumber number of the day in the shop's time zone
     * @param total GMV paid since midnight
     * @param started whether the promotion has begun
     * @param startDay number of the day on which the promotion begins
     * @param startsAtMidnight whether it begins with that day
     */
    public void note(long dayNumber, BigDecimal total, boolean started, long startDay, boolean startsAtMidnight) {
        if (started) {
            boolean newDay = dayNumber != day;
            // Seen for the first time after the start: of that day all counts, if the promotion runs since midnight.
            boolean all = newDay && (seen || dayNumber > startDay || startsAtMidnight);
            BigDecimal added = all ? total : seen || !newDay ? total.subtract(today) : BigDecimal.ZERO;
            gmv = gmv.add(added.max(BigDecimal.ZERO));
        }
        seen = true;
        day = dayNumber;
        today = total;
    }

    /** Share of the promotion's time that has passed, 0 to 1. */
    public static double elapsed(long now, long start, long end) {
        return Math.max(0, Math.min(1, (double) (now - start) / (end - start)));
    }

    /** GMV over what a steady pace would have brought by now; NaN while it is too early to say. */
    public double attainment(BigDecimal target, double elapsed) {
        if (elapsed < WARM_UP || target.signum() <= 0) {
            return Double.NaN;
        }
        return gmv.doubleValue() / (target.doubleValue() * elapsed);
    }

    /** Where the present pace leads. */
    public BigDecimal projected(double elapsed) {
        return elapsed <= 0 ? BigDecimal.ZERO : gmv.divide(BigDecimal.valueOf(elapsed), 2, RoundingMode.HALF_EVEN);
    }
}
