package io.shopwatch.oracle;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.ShopEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A small shop at random: few visitors and values so that everything collides, many events at one instant, several
 * currencies, copies of events, orders that are paid twice, in parts, or before they are placed.
 */
public final class RandomShop {
    private static final String[] CHANNELS = {null, "ads", "mail"};
    private static final String[] DEVICES = {null, "ios", "web"};
    private static final String[] CATEGORIES = {null, "shoes", "hats", "socks"};
    private static final String[] CURRENCIES = {null, null, "EUR", "GBP"};
    private static final EventType[] CLICKS = {EventType.VIEW_ITEM, EventType.PAGE_VIEW, EventType.SEARCH};
    private static final EventType[] CARTS = {
        EventType.ADD_TO_CART, EventType.ADD_TO_CART, EventType.REMOVE_FROM_CART, EventType.BEGIN_CHECKOUT
    };

    private final Random random;
    private final long from;
    private final long length;
    private final List<ShopEvent> events = new ArrayList<>();

    private RandomShop(Random random, long from, long length) {
        this.random = random;
        this.from = from;
        this.length = length;
    }

    /**
     * Events of all three streams, by time, copies included.
     *
     * @param from earliest event time, epoch milliseconds
     * @param length length of the time in which bursts begin, milliseconds; they are over after twice that
     * @param sessions number of bursts of activity
     */
    public static List<ShopEvent> events(Random random, long from, long length, int sessions) {
        RandomShop shop = new RandomShop(random, from, length);
        for (int i = 0; i < sessions; i++) {
            shop.session(i);
        }
        shop.events.sort(Comparator.comparingLong(ShopEvent::time));
        return shop.events;
    }

    /** The events as they might arrive when each is delayed by less than {@code bound} milliseconds. */
    public static List<ShopEvent> shuffled(Random random, List<ShopEvent> events, long bound) {
        Map<Integer, Long> arrivals = new HashMap<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            arrivals.put(i, events.get(i).time() + random.nextInt((int) bound));
            order.add(i);
        }
        order.sort(Comparator.comparing(arrivals::get));
        return order.stream().map(events::get).toList();
    }

    private void session(int number) {
        String visitor = "v" + random.nextInt(6);
        long time = from + 500 * random.nextLong(length / 500);
        int clicks = random.nextInt(4);
        for (int i = 0; i < clicks; i++) {
            add(visit(pick(CLICKS), time, visitor).category(pick(CATEGORIES)));
            time += step();
        }
        int carts = random.nextInt(4);
        for (int i = 0; i < carts; i++) {
            add(visit(pick(CARTS), time, visitor)
                    .category(pick(CATEGORIES))
                    .sku("s")
                    .quantity(1));
            // now and then just under, at or over the half hour after which a cart is abandoned
            time += random.nextInt(4) == 0 ? 1_800_000 + 500L * (random.nextInt(3) - 1) : step();
        }
        if (random.nextInt(3) > 0) {
            order("o" + number, visitor, time);
        }
    }

    private void order(String order, String visitor, long start) {
        List<Item> items = items();
        ShopEvent.Builder placed = visit(EventType.PLACED, start, visitor)
                .order(order)
                .items(items)
                .currency(pick(CURRENCIES));
        if (random.nextBoolean()) {
            placed.discount((long) random.nextInt(20));
        }
        if (random.nextInt(8) > 0) {
            add(placed);
        }
        if (random.nextInt(8) == 0) {
            add(visit(EventType.PLACED, start + step(), visitor).order(order).items(items()));
        }
        long time = random.nextInt(8) == 0 ? start - 500 : start + step();
        for (EventType type : List.of(EventType.PAID, EventType.SHIPPED, EventType.REFUNDED)) {
            int times = random.nextInt(3);
            for (int i = 0; i < times; i++) {
                ShopEvent.Builder event = visit(type, time, visitor).order(order);
                if (random.nextInt(3) == 0) {
                    event.items(List.of(items.get(0)));
                }
                if (random.nextInt(4) == 0) {
                    event.discount((long) random.nextInt(5));
                }
                if (random.nextInt(6) == 0) {
                    event.currency(pick(CURRENCIES));
                }
                add(event);
                time += step();
            }
        }
    }

    private List<Item> items() {
        List<Item> items = new ArrayList<>();
        int n = 1 + random.nextInt(3);
        for (int i = 0; i < n; i++) {
            items.add(new Item("s" + i, pick(CATEGORIES), 1 + random.nextInt(3), 20 + random.nextInt(30), "default"));
        }
        return items;
    }

    private ShopEvent.Builder visit(EventType type, long time, String visitor) {
        return ShopEvent.builder(type, "e" + events.size(), time)
                .visitor(visitor)
                .channel(pick(CHANNELS))
                .device(pick(DEVICES));
    }

    private long step() {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> 500;
            case 2 -> 500L * random.nextInt(200);
            case 3 -> 1000L * random.nextInt(1000);
            default -> 500L * random.nextInt(8000);
        };
    }

    private void add(ShopEvent.Builder event) {
        ShopEvent built = event.build();
        if (built.time() >= from + 2 * length) {
            return;
        }
        events.add(built);
        if (random.nextInt(6) == 0) {
            events.add(built);
        }
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
