package io.shopwatch.bench;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.event.ShopEvent;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Events of a busy evening, in order of time and evenly spaced: 90 % clicks (two thirds of them views of an item), 8 %
 * carts and 2 % orders, by visitors drawn at random. The same arguments give the same events. An order is placed by a
 * visitor without one and paid by the same visitor's next order event.
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

    private final SplittableRandom random = new SplittableRandom(11);
    private final int visitors;
    private final int perSecond;
    private final long start;
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
        this.visitors = visitors;
        this.perSecond = perSecond;
        this.start = start;
        this.openOrders = new int[visitors];
    }

    /** The next event. */
    ShopEvent next() {
        int draw = random.nextInt(1000);
        int visitor = random.nextInt(visitors);
        EventType type = draw < 980 ? behaviour(draw) : openOrders[visitor] == 0 ? EventType.PLACED : EventType.PAID;
        ShopEvent.Builder event = ShopEvent.builder(
                        type, "e-" + (10_000_000_000L + sent), start - START + timeOf(sent, perSecond))
                .visitor(VISITOR + (FIRST_VISITOR + visitor))
                .session("session-" + (20_000_000 + visitor))
                .channel(CHANNELS[visitor % CHANNELS.length])
                .device(DEVICES[visitor / 7 % DEVICES.length])
                .region(REGIONS[visitor / 31 % REGIONS.length])
                .campaign("campaign-" + visitor / 211 % CAMPAIGNS);
        sent++;
        int sku = random.nextInt(SKUS);
        switch (type) {
            case VIEW_ITEM -> event.sku(skuOf(sku)).category(categoryOf(sku));
            case ADD_TO_CART, REMOVE_FROM_CART ->
                event.sku(skuOf(sku)).category(categoryOf(sku)).quantity(1).unitPrice(priceOf(sku));
            case PLACED -> {
                openOrders[visitor] = ++orders;
                event.order("order-" + (30_000_000 + orders))
                        .currency("USD")
                        .items(List.of(new Item(skuOf(sku), categoryOf(sku), 1, priceOf(sku), "default")));
            }
            case PAID -> {
                event.order("order-" + (30_000_000 + openOrders[visitor])).currency("USD");
                openOrders[visitor] = 0;
            }
            default -> {
                // Searches, lists, pages and checkouts name no product.
            }
        }
        return event.build();
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

    private static String skuOf(int sku) {
        return String.format(Locale.ROOT, "sku-%05d", sku);
    }

    private static String categoryOf(int sku) {
        return "category-" + sku % CATEGORIES;
    }

    private static long priceOf(int sku) {
        return (5 + sku % 400) * Money.SCALE - 100;
    }
}
