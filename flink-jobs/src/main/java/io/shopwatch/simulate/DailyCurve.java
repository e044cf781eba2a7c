package io.shopwatch.simulate;

import java.time.Instant;
import java.time.ZoneId;

/**
 * How busy the shop is through the day: quiet before dawn, a bump at lunch, the peak in the evening. Relative to the
 * mean of the day; linear between full hours.
 */
final class DailyCurve {
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;
    private static final double[] BY_HOUR = {
        0.62, 0.42, 0.30, 0.24, 0.23, 0.28, 0.42, 0.62, 0.84, 1.00, 1.12, 1.20, //
        1.30, 1.24, 1.12, 1.08, 1.10, 1.16, 1.28, 1.48, 1.66, 1.72, 1.42, 0.95
    };

    private final long offset;

    /** A fixed offset, the one at {@code from}: a change to summer time shall not tear the curve. */
    DailyCurve(ZoneId zone, long from) {
        offset = zone.getRules().getOffset(Instant.ofEpochMilli(from)).getTotalSeconds() * 1000L;
    }

    double at(long time) {
        long ofDay = Math.floorMod(time + offset, DAY);
        int hour = (int) (ofDay / HOUR);
        double part = (double) (ofDay % HOUR) / HOUR;
        return BY_HOUR[hour] * (1 - part) + BY_HOUR[(hour + 1) % 24] * part;
    }
}
