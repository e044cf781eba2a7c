package io.shopwatch.domain.funnel;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.window.Window;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Counts funnels by brute force, straight from their definition: for every event of a step it searches all chains that
 * lead to it, and for every window it collects the visitors in a set. Events are the sorted, unique ones; an event of an
 * order without items of its own has those the order was placed with.
 */
public final class FunnelOracle {

    /** A visitor who reached a step. */
    private record Reached(String funnel, int step, long time, String visitor, Segment segment, String value) {}

    private final List<FunnelDefinition> funnels;
    private final ZoneId zone;
    private final List<Reached> reached = new ArrayList<>();

    public FunnelOracle(List<FunnelDefinition> funnels, ZoneId zone, List<ShopEvent> events) {
        this.funnels = funnels;
        this.zone = zone;
        Map<String, List<ShopEvent>> byVisitor = withItems(events).stream()
                .filter(event -> event.visitorId() != null)
                .collect(Collectors.groupingBy(ShopEvent::visitorId, TreeMap::new, Collectors.toList()));
        byVisitor.forEach((visitor, own) -> funnels.forEach(funnel -> {
            follow(funnel, visitor, own, null);
            own.stream()
                    .flatMap(event -> categories(event).stream())
                    .distinct()
                    .forEach(category -> follow(
                            funnel,
                            visitor,
                            own.stream()
                                    .filter(event -> categories(event).contains(category))
                                    .toList(),
                            category));
        }));
    }

    private static List<ShopEvent> withItems(List<ShopEvent> events) {
        Map<String, ShopEvent> placed = events.stream()
                .filter(event -> event.type() == EventType.PLACED)
                .collect(Collectors.toMap(ShopEvent::orderId, event -> event, (one, again) -> one));
        return events.stream()
                .map(event -> event.stream() == EventStream.ORDERS
                                && event.items() == null
                                && placed.containsKey(event.orderId())
                        ? event.toBuilder()
                                .items(placed.get(event.orderId()).items())
                                .build()
                        : event)
                .toList();
    }

    private static Set<String> categories(ShopEvent event) {
        Set<String> categories = new HashSet<>();
        if (event.stream() == EventStream.ORDERS) {
            if (event.items() != null) {
                event.items().stream()
                        .map(Item::category)
                        .filter(Objects::nonNull)
                        .forEach(categories::add);
            }
        } else if (event.category() != null) {
            categories.add(event.category());
        }
        return categories;
    }

    private void follow(FunnelDefinition funnel, String visitor, List<ShopEvent> events, String category) {
        for (int k = 0; k < funnel.steps().size(); k++) {
            for (ShopEvent event : events) {
                if (event.type() != funnel.steps().get(k).type()) {
                    continue;
                }
                ShopEvent origin =
                        funnel.mode() == FunnelDefinition.Mode.OPEN ? event : latestStart(funnel, events, event, k);
                if (origin == null
                        || origin.time() < event.time() - funnel.within().toMillis()) {
                    continue;
                }
                if (category != null) {
                    reached.add(new Reached(funnel.name(), k, event.time(), visitor, Segment.CATEGORY, category));
                    continue;
                }
                for (Segment segment : Segment.values()) {
                    if (segment != Segment.CATEGORY) {
                        reached.add(
                                new Reached(funnel.name(), k, event.time(), visitor, segment, segment.valueOf(origin)));
                    }
                }
            }
        }
    }

    /** The last step-1 event of all chains that lead to {@code event} as step {@code k}; null if there is none. */
    private static ShopEvent latestStart(FunnelDefinition funnel, List<ShopEvent> events, ShopEvent event, int k) {
        if (k == 0) {
            return event;
        }
        ShopEvent latest = null;
        for (ShopEvent before : events) {
            if (before.type() == funnel.steps().get(k - 1).type() && before.time() <= event.time()) {
                ShopEvent start = latestStart(funnel, events, before, k - 1);
                if (start != null
                        && (latest == null
                                || Comparator.comparingLong(ShopEvent::time)
                                                .thenComparing(ShopEvent::eventId)
                                                .compare(start, latest)
                                        > 0)) {
                    latest = start;
                }
            }
        }
        return latest;
    }

    /** Distinct visitors of each step in the window that ends at {@code end} (epoch milliseconds, exclusive). */
    public long[] visitors(String funnel, Window window, long end, Segment segment, String value) {
        long start = window == Window.TODAY
                ? Instant.ofEpochMilli(end - 1)
                        .atZone(zone)
                        .toLocalDate()
                        .atStartOfDay(zone)
                        .toInstant()
                        .toEpochMilli()
                : end - window.panes() * 1000L;
        int steps = funnels.stream()
                .filter(one -> one.name().equals(funnel))
                .findFirst()
                .orElseThrow()
                .steps()
                .size();
        long[] visitors = new long[steps];
        for (int k = 0; k < steps; k++) {
            int step = k;
            visitors[k] = reached.stream()
                    .filter(one -> one.funnel.equals(funnel)
                            && one.step == step
                            && one.segment == segment
                            && one.value.equals(value)
                            && one.time >= start
                            && one.time < end)
                    .map(Reached::visitor)
                    .distinct()
                    .count();
        }
        return visitors;
    }

    /** All segment values that occur in a funnel. */
    public Set<Map.Entry<Segment, String>> values(String funnel) {
        return reached.stream()
                .filter(one -> one.funnel.equals(funnel))
                .map(one -> Map.entry(one.segment, one.value))
                .collect(Collectors.toSet());
    }
}
