package io.shopwatch.simulate;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.simulate.Scenario.Disturbance;
import java.util.List;

/** An order from placing to shipping, with the ways it can go otherwise: unpaid, cancelled, refunded. */
final class OrderLife extends Actor {
    private static final double PAYS = 0.91;
    private static final double PAYS_IN_OUTAGE = 0.06;
    private static final double CANCELS_PAID = 0.03;
    private static final double SENDS_BACK = 0.04;
    private static final double BACK_ON_THE_SHELF = 0.6;
    private static final double COUPON = 0.18;
    private static final double FLASH_COUPON = 0.4;

    /** Accounts and best sellers of those who brush. */
    private static final int BRUSHERS = 30;

    private static final int[] BRUSHED_RANKS = {5, 6};

    private enum Step {
        PAY,
        SHIP,
        CANCEL_UNPAID,
        CANCEL_PAID,
        REFUND_CANCELLED,
        SEND_BACK
    }

    /** Who ordered, and where from. */
    record Customer(
            String visitorId, String sessionId, String channel, String campaign, String device, String region) {}

    private final Simulation shop;
    private final SeededRandom random;
    private final Customer customer;
    private final List<Item> items;
    private final List<Integer> shelves;
    private final String orderId;
    private boolean genuine = true;
    private Step next = Step.PAY;
    private String paymentMethod;

    /**
     * An order of lines that are reserved already.
     *
     * @param shelves the shelf that serves each item
     */
    OrderLife(Simulation shop, Customer customer, List<Item> items, List<Integer> shelves) {
        this.shop = shop;
        this.random = shop.random();
        this.customer = customer;
        this.items = List.copyOf(items);
        this.shelves = List.copyOf(shelves);
        orderId = shop.newOrder();
    }

    /** A fake order: one of few accounts orders one of few SKUs and pays at once. */
    static void brush(Simulation shop, long now) {
        SeededRandom random = shop.random();
        Catalogue.Sku sku = shop.catalogue().ofRank(BRUSHED_RANKS[random.below(BRUSHED_RANKS.length)]);
        int shelf = shop.stock().choose(sku, 1, random.below(Catalogue.WAREHOUSES.size()), random);
        if (shelf < 0) {
            return;
        }
        shop.stock().reserve(shelf, 1, now);
        String visitorId = shop.visitorId(-1 - random.below(BRUSHERS));
        OrderLife order = new OrderLife(
                shop,
                new Customer(visitorId, shop.newSession(), "direct", null, "android", Audience.REGIONS.get(1)),
                List.of(new Item(
                        sku.id(),
                        sku.category(),
                        1,
                        sku.unitPrice(),
                        shop.stock().warehouse(shelf))),
                List.of(shelf));
        order.genuine = false;
        order.place(now);
    }

    void place(long now) {
        paymentMethod = Audience.paymentMethod(random);
        ShopEvent.Builder placed = event(EventType.PLACED, now).items(items).paymentMethod(paymentMethod);
        if (genuine) {
            discount(placed);
        }
        shop.emit(placed.build());
        for (int shelf : shelves) {
            shop.reviewStock(shelf, now);
            if (shop.stock().sku(shelf).rank() == shop.hotSku().rank()
                    && !shop.stock().has(shop.hotSku())) {
                shop.hotSkuGone(now);
            }
        }
        then(Step.PAY, now, genuine ? random.logNormal(11, 0.8) : random.between(1, 4), 0.5, 240);
    }

    private void discount(ShopEvent.Builder placed) {
        boolean sale = shop.is(Disturbance.SURGE);
        if (random.chance(sale ? FLASH_COUPON : COUPON)) {
            long value = items.stream().mapToLong(Item::value).sum();
            // Whole cents, never more than the order is worth.
            long cents = value / 10 / (Money.SCALE / 100);
            placed.coupon(sale ? "FLASH10" : "SAVE10").discount(cents * (Money.SCALE / 100));
        }
    }

    @Override
    void act(long now) {
        switch (next) {
            case PAY -> pay(now);
            case SHIP -> ship(now);
            case CANCEL_UNPAID -> cancel(now);
            case CANCEL_PAID -> {
                cancel(now);
                then(Step.REFUND_CANCELLED, now, random.between(5, 60), 0, 60);
            }
            case REFUND_CANCELLED -> shop.emit(event(EventType.REFUNDED, now).build());
            case SEND_BACK -> sendBack(now);
        }
    }

    private void pay(long now) {
        double success = shop.is(Disturbance.PAYMENT) ? PAYS_IN_OUTAGE : genuine ? PAYS : 1;
        if (!random.chance(success)) {
            then(Step.CANCEL_UNPAID, now, random.between(600, 1800), 0, 1800);
            return;
        }
        shop.emit(event(EventType.PAID, now).paymentMethod(paymentMethod).build());
        if (genuine && random.chance(CANCELS_PAID)) {
            then(Step.CANCEL_PAID, now, random.between(20, 180), 0, 180);
        } else {
            then(Step.SHIP, now, random.logNormal(150, 0.6), 60, 600);
        }
    }

    private void ship(long now) {
        for (int i = 0; i < shelves.size(); i++) {
            shop.stock().ship(shelves.get(i), items.get(i).quantity());
        }
        shop.emit(event(EventType.SHIPPED, now).build());
        if (genuine && random.chance(SENDS_BACK)) {
            then(Step.SEND_BACK, now, random.between(300, 1800), 0, 1800);
        }
    }

    private void cancel(long now) {
        for (int i = 0; i < shelves.size(); i++) {
            shop.stock().release(shelves.get(i), items.get(i).quantity(), now);
        }
        shop.emit(event(EventType.CANCELLED, now).build());
    }

    /** All of it or, of an order with several lines, sometimes only the first. */
    private void sendBack(long now) {
        boolean restock = random.chance(BACK_ON_THE_SHELF);
        int lines = items.size() > 1 && random.chance(0.4) ? 1 : items.size();
        if (restock) {
            for (int i = 0; i < lines; i++) {
                shop.stock().add(shelves.get(i), items.get(i).quantity(), now);
            }
        }
        shop.emit(event(EventType.REFUNDED, now)
                .items(lines < items.size() ? items.subList(0, lines) : null)
                .restock(restock)
                .build());
    }

    private void then(Step step, long now, double seconds, double least, double most) {
        next = step;
        shop.schedule(this, now + (long) (Math.min(Math.max(seconds, least), most) * 1000));
    }

    private ShopEvent.Builder event(EventType type, long now) {
        return shop.event(type, now)
                .visitor(customer.visitorId())
                .session(customer.sessionId())
                .channel(customer.channel())
                .campaign(customer.campaign())
                .device(customer.device())
                .region(customer.region())
                .order(orderId)
                .currency(shop.currency());
    }
}
