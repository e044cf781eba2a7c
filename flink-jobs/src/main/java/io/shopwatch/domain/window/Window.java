package io.shopwatch.domain.window;

/**
 * The windows of every live figure. All but {@link #TODAY} slide by one second; a window that ends at {@code end} holds
 * the events of [end − length, end). {@link #TODAY} holds [midnight in the shop's time zone, end).
 */
public enum Window {
    ONE_MINUTE("1m", 60),
    FIVE_MINUTES("5m", 300),
    ONE_HOUR("1h", 3600),
    TODAY("today", 0);

    /** Step by which windows slide, in milliseconds; also the length of a pane. */
    public static final long SLIDE_MILLIS = 1000;

    private static final long MINUTE_MILLIS = 60_000;

    /** Panes of the longest sliding window. */
    public static final int LONGEST_PANES = 3600;

    private final String wireName;
    private final int panes;

    Window(String wireName, int panes) {
        this.wireName = wireName;
        this.panes = panes;
    }

    /** The label or field value on the outside, for example {@code 5m}. */
    public String wireName() {
        return wireName;
    }

    /** Length in panes of one second; 0 for {@link #TODAY}, whose length depends on the time of day. */
    public int panes() {
        return panes;
    }

    /** The pane (second since the epoch) that holds an event time in epoch milliseconds. */
    public static long paneOf(long timeMillis) {
        return Math.floorDiv(timeMillis, SLIDE_MILLIS);
    }

    /**
     * That time if it is a full minute, or else the next one, epoch milliseconds: for what is to end together with many
     * others, and may end a little later.
     */
    public static long upToMinute(long timeMillis) {
        return -Math.floorDiv(-timeMillis, MINUTE_MILLIS) * MINUTE_MILLIS;
    }

    /** The first pane that is not over when that event time (epoch milliseconds) has been reached. */
    public static long panesBefore(long reachedMillis) {
        // At the end of a bounded input there is no next millisecond.
        return reachedMillis == Long.MAX_VALUE ? Long.MAX_VALUE : paneOf(reachedMillis + 1);
    }

    /**
     * The window with that wire name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Window ofWireName(String wireName) {
        for (Window window : values()) {
            if (window.wireName.equals(wireName)) {
                return window;
            }
        }
        throw new IllegalArgumentException("no window " + wireName);
    }
}
