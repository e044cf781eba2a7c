package io.shopwatch.job.alert;

/**
 * The newest figures of a segment value: visitors by step within the last minute and within the rule's window.
 *
 * <p>A mutable Flink POJO: fields are public because they are state.
 */
public class Counts {
    public String segment = "";
    public String value = "";

    /** Empty for funnels. */
    public String currency = "";

    public long minuteEnd = Long.MIN_VALUE;
    public long[] minute = new long[0];
    public long windowEnd = Long.MIN_VALUE;
    public long[] window = new long[0];

    /** Event time of the last figures that were not all zero. */
    public long aliveAt;

    void take(boolean isMinute, boolean isWindow, long end, long[] figures) {
        if (isMinute && end >= minuteEnd) {
            minuteEnd = end;
            minute = figures;
        }
        if (isWindow && end >= windowEnd) {
            windowEnd = end;
            window = figures;
        }
        for (long figure : figures) {
            if (figure > 0) {
                aliveAt = Math.max(aliveAt, end);
            }
        }
    }

    /** Adds another currency's figures. Visitors (the first figure) are the same in each, everything else adds up. */
    void add(Counts other) {
        minuteEnd = Math.max(minuteEnd, other.minuteEnd);
        minute = sum(minute, other.minute);
        windowEnd = Math.max(windowEnd, other.windowEnd);
        window = sum(window, other.window);
        aliveAt = Math.max(aliveAt, other.aliveAt);
    }

    private static long[] sum(long[] left, long[] right) {
        if (left.length == 0) {
            return right.clone();
        }
        if (right.length == 0) {
            return left;
        }
        long[] sum = new long[left.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = i == 0 ? Math.max(left[0], right[0]) : left[i] + right[i];
        }
        return sum;
    }

    /** Takes over what is newer in the other. */
    void merge(Counts other) {
        if (other.minuteEnd >= minuteEnd) {
            minuteEnd = other.minuteEnd;
            minute = other.minute;
        }
        if (other.windowEnd >= windowEnd) {
            windowEnd = other.windowEnd;
            window = other.window;
        }
        aliveAt = Math.max(aliveAt, other.aliveAt);
    }
}
