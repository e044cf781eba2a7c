package io.shopwatch.bench;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.event.ShopEvent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Events of a busy evening, in order of time and evenly spaced: 90 % clicks (two thirds of them views of an item), 8 %
 * carts and 2 % orders, by visitors drawn at random. The same arguments give the same events. An order is placed by a
 * visitor without one and paid by the same visitor's next order event. Visitors look around in three categories: in a
 * recording of a real shop of all kinds of things (REES46, October 2019) those with twenty events or more, 27 on average,
 * saw three, and those with ten saw two.
 */
final class Traffic {
    /** Where the events begin: an evening in November. */
    static final long START = 1_794_340_800_000L;

    private static final String[] CHANNELS = {"search", "ads", "direct", "email", "social", "affiliate"};
    private static final String[] DEVICES = {"ios", "android", "desktop", "mini-program"};
    private static final String[] REGIONS = {"north", "east", "south", "west", "central", "islands", "abroad"};
    private static final String VISITOR = "visitor-";
    private static final int FIRST_VISITOR = 10_000_000;
    private static final int CAMPAIGNS = 12;
    private static final int SKUS = 2_000;
    private static final int CATEGORIES = 40;
    private static final String[] SKU_NAMES = names("sku-%05d", SKUS);
    private static final String[] CATEGORY_NAMES = names("category-%d", CATEGORIES);
    private static final String[] CAMPAIGN_NAMES = names("campaign-%d", CAMPAIGNS);

    /** Segments that events name a value of, the first ones before the others. */
    enum Named {
        NONE,
        CHANNEL,
        DEVICE,
        REGION,
        CAMPAIGN,
        CATEGORY;

        private boolean has(Named segment) {
            return compareTo(segment) >= 0;
        }
    }

    /**
     * One of several equal parts, by visitors, that are made at the same time; together they are one evening.
     *
     * @param index from 0
     * @param of number of parts
     */
    record Lane(int index, int of) {
        /** Visitors of this part. */
        int visitors(int all) {
            return (all - index + of - 1) / of;
        }
    }

    private final SplittableRandom random;
    private final int visitors;
    private final int perSecond;
    private final long start;
    private final Lane lane;
    private final boolean everybodyFirst;
    private final Named named;
    private final int[] openOrders; // per visitor the number of the order that is placed and not paid yet, or 0
    private long sent;
    private int orders;

    /**
     * @param visitors visitors to draw from
     * @param perSecond events per second of event time
     */
    Traffic(int visitors, int perSecond) {
        this(visitors, perSecond, START);
    }

    /**
     * @param visitors visitors to draw from
     * @param perSecond events per second of event time
     * @param start time of the first event, epoch milliseconds
     */
    Traffic(int visitors, int perSecond, long start) {
        this(visitors, perSecond, start, new Lane(0, 1), false, Named.CATEGORY);
    }

    private Traffic(int visitors, int perSecond, long start, Lane lane, boolean everybodyFirst, Named named) {
        this.random = new SplittableRandom(11 + lane.index);
        this.visitors = lane.visitors(visitors);
        this.perSecond = perSecond;
        this.start = start;
        this.lane = lane;
        this.everybodyFirst = everybodyFirst;
        this.named = named;
        this.openOrders = new int[this.visitors];
    }

    /**
     * A part of an evening on which everybody first looks at an item, one after the other, before visitors are drawn.
     *
     * @param visitors visitors of all parts
     * @param perSecond events per second of event time, of all parts
     * @param named what events tell of their visitors
     */
    static Traffic ofEverybody(int visitors, int perSecond, long start, Lane lane, Named named) {
        Traffic traffic = new Traffic(visitors, perSecond, start, lane, true, named);
        // An order is remembered for longer than a visitor: another evening must not place it again.
        traffic.orders = (int) (Duration.ofMillis(start).toDays() % 100) * 10_000_000;
        return traffic;
    }

    /** The next event. */
    ShopEvent next() {
        boolean first = everybodyFirst && sent < visitors;
        int draw = first ? 0 : random.nextInt(1000);
        int visitor = first ? (int) sent : random.nextInt(visitors);
        EventType type = draw < 980 ? behaviour(draw) : openOrders[visitor] == 0 ? EventType.PLACED : EventType.PAID;
        int known = visitor * lane.of + lane.index;
        long number = sent++ * lane.of + lane.index;
        ShopEvent.Builder event = ShopEvent.builder(
                        type, "e-" + (10_000_000_000L + number), start - START + timeOf(number, perSecond))
                .visitor(VISITOR + (FIRST_VISITOR + known))
                .session("session-" + (20_000_000 + known));
        tell(event, known);
        int sku = skuFor(known);
        String category = named.has(Named.CATEGORY) ? CATEGORY_NAMES[sku % CATEGORIES] : null;
        switch (type) {
            case VIEW_ITEM -> event.sku(SKU_NAMES[sku]).category(category);
            case ADD_TO_CART, REMOVE_FROM_CART ->
                event.sku(SKU_NAMES[sku]).category(category).quantity(1).unitPrice(priceOf(sku));
            case PLACED -> {
                openOrders[visitor] = ++orders;
                event.order(orderOf(visitor))
                        .currency("USD")
                        .items(List.of(new Item(SKU_NAMES[sku], category, 1, priceOf(sku), "default")));
            }
            case PAID -> {
                event.order(orderOf(visitor)).currency("USD");
                openOrders[visitor] = 0;
            }
            default -> {
                // Searches, lists, pages and checkouts name no product.
            }
        }
        return event.build();
    }

    private void tell(ShopEvent.Builder event, int visitor) {
        if (named.has(Named.CHANNEL)) {
            event.channel(CHANNELS[visitor % CHANNELS.length]);
        }
        if (named.has(Named.DEVICE)) {
            event.device(DEVICES[visitor / 7 % DEVICES.length]);
        }
        if (named.has(Named.REGION)) {
            event.region(REGIONS[visitor / 31 % REGIONS.length]);
        }
        if (named.has(Named.CAMPAIGN)) {
            event.campaign(CAMPAIGN_NAMES[visitor / 211 % CAMPAIGNS]);
        }
    }

    /** Something of one of three categories that the visitor cares for, most often of the first. */
    private int skuFor(int visitor) {
        int draw = random.nextInt(10);
        int interest = draw < 7 ? 0 : draw < 9 ? 1 : 2;
        int category = (visitor / 3 + interest * 13) % CATEGORIES;
        return category + CATEGORIES * random.nextInt(SKUS / CATEGORIES);
    }

    private String orderOf(int visitor) {
        return "order-" + (30_000_000L + (long) openOrders[visitor] * lane.of + lane.index);
    }

    private static EventType behaviour(int draw) {
        if (draw < 600) {
            return EventType.VIEW_ITEM;
        }
        if (draw < 760) {
            return EventType.VIEW_LIST;
        }
        if (draw < 840) {
            return EventType.SEARCH;
        }
        if (draw < 900) {
            return EventType.PAGE_VIEW;
        }
        if (draw < 950) {
            return EventType.ADD_TO_CART;
        }
        return draw < 955 ? EventType.REMOVE_FROM_CART : EventType.BEGIN_CHECKOUT;
    }

    /** The number of a visitor, from 0 up to the number of visitors. */
    static int numberOf(String visitorId) {
        return Integer.parseInt(visitorId.substring(VISITOR.length())) - FIRST_VISITOR;
    }

    /** When the event of that index happens. */
    static long timeOf(long index, int perSecond) {
        return START + index * 1000 / perSecond;
    }

    private static String[] names(String format, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.format(Locale.ROOT, format, i))
                .toArray(String[]::new);
    }

    private static long priceOf(int sku) {
        return (5 + sku % 400) * Money.SCALE - 100;
    }
}
