package io.shopwatch.bench;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the open funnel must come to in the last windows of a backlog, counted by brute force while it is written: who is
 * done with a backlog must know these figures.
 */
final class LastFigures {
    /** The steps of the open funnel. */
    static final List<EventType> STEPS =
            List.of(EventType.VIEW_ITEM, EventType.ADD_TO_CART, EventType.PLACED, EventType.PAID);

    /** The windows that are compared, with their length. */
    static final Map<String, Long> WINDOWS = Map.of("5m", 300_000L, "1h", 3_600_000L);

    /** What is not by channel. */
    static final String ALL = "all";

    private final long end;
    private final Map<String, List<BitSet>> visitors = new TreeMap<>();

    /** @param end end of the windows, epoch milliseconds */
    LastFigures(long end) {
        this.end = end;
    }

    long end() {
        return end;
    }

    void add(ShopEvent event) {
        int step = STEPS.indexOf(event.type());
        if (step < 0 || event.time() >= end) {
            return;
        }
        int visitor = Traffic.numberOf(event.visitorId());
        WINDOWS.forEach((window, millis) -> {
            if (event.time() >= end - millis) {
                of(window, ALL).get(step).set(visitor);
                of(window, event.channel()).get(step).set(visitor);
            }
        });
    }

    private List<BitSet> of(String window, String channel) {
        return visitors.computeIfAbsent(window + "." + channel, key -> {
            List<BitSet> steps = new ArrayList<>();
            STEPS.forEach(step -> steps.add(new BitSet()));
            return steps;
        });
    }

    /** Visitors at each step, separated by commas, by window and channel, separated by a dot. */
    Map<String, String> figures() {
        Map<String, String> figures = new TreeMap<>();
        visitors.forEach((series, steps) -> figures.put(
                series,
                steps.stream().map(step -> Integer.toString(step.cardinality())).collect(Collectors.joining(","))));
        return figures;
    }
}
