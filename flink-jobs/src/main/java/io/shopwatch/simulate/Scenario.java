package io.shopwatch.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What goes wrong, or right, during a simulation. Timelines scale with the length of the run. */
public enum Scenario {
    /** Nothing out of the ordinary; some SKUs run out all the same. */
    CALM,
    /** Payments hardly get through for a while. */
    PAYMENT_OUTAGE,
    /** Orders from iOS mostly fail after checkout has begun. */
    IOS_CHECKOUT_BUG,
    /** Everybody looks at one SKU, it sells out, and its page sells nothing until it is restocked. */
    HOT_SKU_SELLS_OUT,
    /** Three times the visitors, with the same behaviour but for some more interest in promoted SKUs. */
    FLASH_SALE,
    /** Clicks stop arriving while carts and orders go on. */
    TRACKER_OUTAGE,
    /** A flood of visitors that only look. */
    BOT_FLOOD,
    /** A burst of orders without a look, from few visitors for few SKUs. */
    BRUSHING,
    /** A day of promotion: a flash sale and most of the above, one after the other. */
    DOUBLE11;

    /** What is different during a phase. */
    enum Disturbance {
        PAYMENT,
        IOS_CHECKOUT,
        HOT_SKU,
        SURGE,
        TRACKER,
        BOTS,
        BRUSHERS
    }

    /** A disturbance that holds during [start, end), milliseconds from the start of the run or of its cycle. */
    record Phase(Disturbance disturbance, long start, long end) {}

    /** Endless runs repeat their timeline after this long. */
    static final long CYCLE = 30 * 60_000L;

    /** Endless runs of a single incident place it as a run of this length does. */
    private static final long SINGLE = 10 * 60_000L;

    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;

    /** The scenario's name on the command line, for example {@code payment-outage}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All names, for messages. */
    public static String names() {
        return Stream.of(values()).map(Scenario::wireName).collect(Collectors.joining(", "));
    }

    /**
     * The scenario with that wire name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Scenario ofWireName(String wireName) {
        for (Scenario scenario : values()) {
            if (scenario.wireName().equals(wireName)) {
                return scenario;
            }
        }
        throw new IllegalArgumentException("no scenario " + wireName + "; expected one of " + names());
    }

    /** The phases of a run of that many milliseconds, or of one {@link #CYCLE} when {@code duration} is 0 (endless). */
    List<Phase> phases(long duration) {
        return switch (this) {
            case CALM -> List.of();
            case PAYMENT_OUTAGE -> single(Disturbance.PAYMENT, duration);
            case IOS_CHECKOUT_BUG -> single(Disturbance.IOS_CHECKOUT, duration);
            case HOT_SKU_SELLS_OUT -> single(Disturbance.HOT_SKU, duration);
            case FLASH_SALE -> single(Disturbance.SURGE, duration);
            case TRACKER_OUTAGE -> single(Disturbance.TRACKER, duration);
            case BOT_FLOOD -> single(Disturbance.BOTS, duration);
            case BRUSHING -> single(Disturbance.BRUSHERS, duration);
            case DOUBLE11 -> double11(duration == 0 ? CYCLE : duration);
        };
    }

    /** From a fifth of the run on (at least two minutes, where the run is long enough), for 30 % of it. */
    private static List<Phase> single(Disturbance disturbance, long duration) {
        long length = duration == 0 ? SINGLE : duration;
        long start = Math.min(Math.max(2 * MINUTE, length / 5), length / 3);
        long end = start + Math.min(Math.max(20 * SECOND, length * 3 / 10), 45 * MINUTE);
        return List.of(new Phase(disturbance, start, Math.min(end, length)));
    }

    private static List<Phase> double11(long length) {
        List<Phase> phases = new ArrayList<>();
        // Shares of the run in percent; the rests between them let figures recover and alerts resolve.
        add(phases, Disturbance.SURGE, length, 7, 22);
        add(phases, Disturbance.HOT_SKU, length, 26, 36);
        add(phases, Disturbance.PAYMENT, length, 42, 52);
        add(phases, Disturbance.IOS_CHECKOUT, length, 60, 72);
        add(phases, Disturbance.TRACKER, length, 78, 82);
        add(phases, Disturbance.BRUSHERS, length, 88, 94);
        return phases;
    }

    private static void add(List<Phase> phases, Disturbance disturbance, long length, int from, int to) {
        phases.add(new Phase(disturbance, length * from / 100, length * to / 100));
    }
}
