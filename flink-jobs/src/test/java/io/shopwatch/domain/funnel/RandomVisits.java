package io.shopwatch.domain.funnel;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.ShopEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Random events of a few visitors, dense enough for ties, repeated steps and chains that run out of time. */
public final class RandomVisits {
    private static final EventType[] VISITS = {
        EventType.VIEW_ITEM,
        EventType.VIEW_ITEM,
        EventType.VIEW_ITEM,
        EventType.ADD_TO_CART,
        EventType.ADD_TO_CART,
        EventType.BEGIN_CHECKOUT,
        EventType.REMOVE_FROM_CART,
        EventType.PAGE_VIEW,
        EventType.SEARCH
    };
    private static final String[] CHANNELS = {"app", "search", null};
    private static final String[] DEVICES = {"ios", "android"};
    private static final String[] CATEGORIES = {"shoes", "hats", null};

    private RandomVisits() {}

    /** Unique events sorted by time; {@code paid} events have no items, as most producers send them. */
    public static List<ShopEvent> of(Random random, long start, int events, long span) {
        List<ShopEvent> visits = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            // Now and then on the same coarse grid, so that instants coincide.
            long time =
                    start + (random.nextInt(3) == 0 ? random.nextLong(span / 20_000) * 20_000 : random.nextLong(span));
            String visitor = "v" + random.nextInt(6);
            String id = String.format("e%05d", i);
            if (random.nextInt(6) == 0) {
                String order = "o" + i;
                visits.add(attributes(random, ShopEvent.builder(EventType.PLACED, id, time))
                        .visitor(visitor)
                        .order(order)
                        .items(items(random))
                        .build());
                if (random.nextInt(5) > 0) {
                    visits.add(attributes(
                                    random,
                                    ShopEvent.builder(
                                            EventType.PAID,
                                            id + "p",
                                            time + random.nextLong(1 + random.nextInt(120_000))))
                            .visitor(visitor)
                            .order(order)
                            .build());
                }
                continue;
            }
            EventType type = VISITS[random.nextInt(VISITS.length)];
            visits.add(attributes(random, ShopEvent.builder(type, id, time))
                    .visitor(visitor)
                    .sku("sku-" + random.nextInt(4))
                    .category(category(random, type))
                    .quantity(1)
                    .build());
        }
        visits.sort(Comparator.comparingLong(ShopEvent::time)
                .thenComparing(ShopEvent::type)
                .thenComparing(ShopEvent::eventId));
        return visits;
    }

    /** A look at an item says its category; others may not. */
    private static String category(Random random, EventType type) {
        return CATEGORIES[random.nextInt(CATEGORIES.length - (type == EventType.VIEW_ITEM ? 1 : 0))];
    }

    private static List<Item> items(Random random) {
        List<Item> items = new ArrayList<>();
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
            items.add(new Item(
                    "sku-" + random.nextInt(4), CATEGORIES[random.nextInt(CATEGORIES.length)], 1, 10_000, "default"));
        }
        return items;
    }

    private static ShopEvent.Builder attributes(Random random, ShopEvent.Builder event) {
        return event.channel(CHANNELS[random.nextInt(CHANNELS.length)])
                .device(DEVICES[random.nextInt(DEVICES.length)])
                .region("north")
                .campaign(random.nextInt(4) == 0 ? "sale" : null);
    }
}
