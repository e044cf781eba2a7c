package io.shopwatch.domain.event;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.OptionalLong;

/** Event times on the outside: their bounds, and the RFC 3339 form. */
public final class EventTime {

    /** 2000-01-01T00:00:00Z in epoch milliseconds; what is older is a broken clock or seconds taken for milliseconds. */
    public static final long MIN = 946_684_800_000L;

    /** 9999-12-31T23:59:59.999Z in epoch milliseconds: sums and differences of times below cannot overflow. */
    public static final long MAX = 253_402_300_799_999L;

    private static final int SHORTEST = "2000-01-01T00:00:00Z".length();
    private static final int LONGEST = 64;

    private EventTime() {}

    /**
     * Epoch milliseconds of an RFC 3339 time such as {@code 2026-11-11T00:00:00.5+08:00}; empty if it is none. Digits
     * beyond milliseconds are cut off; a leap second reads as the second after it, as in POSIX time.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc3339#section-5.6">RFC 3339, section 5.6</a>
     */
    public static OptionalLong parse(CharSequence text) {
        int length = text.length();
        if (length < SHORTEST || length > LONGEST) {
            return OptionalLong.empty();
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 2);
        int day = digits(text, 8, 2);
        int hour = digits(text, 11, 2);
        int minute = digits(text, 14, 2);
        int second = digits(text, 17, 2);
        char separator = text.charAt(10);
        boolean shape = text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && (separator == 'T' || separator == 't' || separator == ' ')
                && text.charAt(13) == ':'
                && text.charAt(16) == ':';
        boolean date = year >= 0
                && month >= 1
                && month <= 12
                && day >= 1
                && day <= YearMonth.of(year, month).lengthOfMonth();
        boolean leapSecond = second == 60 && minute == 59;
        boolean time =
                hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && (second <= 59 || leapSecond);
        if (!shape || !date || !time) {
            return OptionalLong.empty();
        }

        int at = 19;
        int millis = 0;
        if (text.charAt(at) == '.') {
            at++;
            int begin = at;
            int scale = 100;
            while (at < length && isDigit(text.charAt(at))) {
                millis += (text.charAt(at) - '0') * scale;
                scale /= 10;
                at++;
            }
            if (at == begin) {
                return OptionalLong.empty();
            }
        }

        int offsetMinutes;
        if (at == length - 1 && (text.charAt(at) == 'Z' || text.charAt(at) == 'z')) {
            offsetMinutes = 0;
        } else if (at == length - 6
                && (text.charAt(at) == '+' || text.charAt(at) == '-')
                && text.charAt(at + 3) == ':') {
            int hours = digits(text, at + 1, 2);
            int minutes = digits(text, at + 4, 2);
            if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
                return OptionalLong.empty();
            }
            offsetMinutes = (hours * 60 + minutes) * (text.charAt(at) == '-' ? -1 : 1);
        } else {
            return OptionalLong.empty();
        }

        long seconds = LocalDate.of(year, month, day).toEpochDay() * 86_400L
                + hour * 3_600L
                + (minute - offsetMinutes) * 60L
                + second;
        return OptionalLong.of(seconds * 1_000 + millis);
    }

    /** The number that {@code count} ASCII digits stand for, or −1 if one of them is no digit. */
    private static int digits(CharSequence text, int begin, int count) {
        int number = 0;
        for (int i = begin; i < begin + count; i++) {
            char c = text.charAt(i);
            if (!isDigit(c)) {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
