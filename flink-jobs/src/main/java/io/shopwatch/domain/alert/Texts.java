package io.shopwatch.domain.alert;

import java.time.Duration;
import java.util.Locale;

/** Figures as a person reads them on a phone. */
public final class Texts {
    private Texts() {}

    /** {@code 12.3 %} of a ratio. */
    public static String percent(double ratio) {
        return number(100 * ratio) + " %";
    }

    /** One decimal, two below 1, none from 100 on. */
    public static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%.0f" : size < 1 ? "%.2f" : "%.1f";
        return String.format(Locale.ROOT, format, value);
    }

    /** {@code 45 s}, {@code 12 min}, {@code 3 h 5 min}, {@code 2 d 4 h}. */
    public static String duration(long millis) {
        Duration duration = Duration.ofMillis(Math.max(0, millis));
        if (duration.toMinutes() < 1) {
            return duration.toSeconds() + " s";
        }
        if (duration.toHours() < 1) {
            return duration.toMinutes() + " min";
        }
        if (duration.toDays() < 1) {
            return join(duration.toHours(), "h", duration.toMinutesPart(), "min");
        }
        return join(duration.toDays(), "d", duration.toHoursPart(), "h");
    }

    private static String join(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
