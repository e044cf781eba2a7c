package io.shopwatch.domain.window;

import java.math.BigInteger;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 1s}, {@code 5m}, {@code 1h}, {@code 30d}, {@code 1h30m}. */
public final class Durations {
    private static final Pattern WHOLE = Pattern.compile("(?:\\d{1,18}(?:ms|s|m|h|d))+");
    private static final Pattern PART = Pattern.compile("(\\d+)(ms|s|m|h|d)");

    /** Longer ones are mistakes, and times in milliseconds must not overflow. */
    private static final BigInteger LONGEST =
            BigInteger.valueOf(Duration.ofDays(36_525).toMillis());

    private Durations() {}

    /**
     * Reads a duration of at most 100 years.
     *
     * @throws IllegalArgumentException if the text is none; the message says what was expected
     */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        if (!WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException("a duration such as 500ms, 1s, 5m, 1h or 30d");
        }
        BigInteger millis = BigInteger.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            millis = millis.add(new BigInteger(part.group(1)).multiply(BigInteger.valueOf(millisOf(part.group(2)))));
        }
        if (millis.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a duration of at most 100 years");
        }
        return Duration.ofMillis(millis.longValueExact());
    }

    /** The shortest text that {@link #parse} reads as this duration, in whole milliseconds: {@code 1h30m}. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        for (String unit : new String[] {"d", "h", "m", "s", "ms"}) {
            long count = millis / millisOf(unit);
            if (count != 0) {
                text.append(count).append(unit);
                millis -= count * millisOf(unit);
            }
        }
        return text.toString();
    }

    private static long millisOf(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> throw new IllegalArgumentException(unit);
        };
    }
}
