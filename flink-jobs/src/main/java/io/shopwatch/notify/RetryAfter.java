package io.shopwatch.notify;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The header {@code Retry-After} (RFC 9110, 10.2.3): seconds, or an HTTP date. */
final class RetryAfter {
    private static final long LONGEST = Duration.ofDays(1).toSeconds();

    private RetryAfter() {}

    /**
     * How long to wait, between nothing and a day; null where the header is absent or says nothing.
     *
     * @param header value of the header, or null
     * @param now wall clock
     */
    static Duration parse(String header, Instant now) {
        if (header == null || header.isBlank()) {
            return null;
        }
        String value = header.strip();
        if (value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Duration.ofSeconds(value.length() > 9 ? LONGEST : Math.min(LONGEST, Long.parseLong(value)));
        }
        try {
            Duration wait = Duration.between(
                    now, ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC)));
            return wait.isNegative() ? Duration.ZERO : wait.toSeconds() > LONGEST ? Duration.ofDays(1) : wait;
        } catch (DateTimeException e) {
            // Not of either form: as if it were not there.
            return null;
        }
    }
}
