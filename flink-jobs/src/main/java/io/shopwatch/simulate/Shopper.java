package io.shopwatch.simulate;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.simulate.Catalogue.Sku;
import io.shopwatch.simulate.Scenario.Disturbance;
import java.util.ArrayList;
import java.util.List;

/**
 * One session of one visitor: looks around, thinks, perhaps fills a cart, perhaps checks out. Chances are per step; the
 * rates that come of them (see the test) are those of ordinary shops: 8 to 12 % of those who look at an item put one
 * in the cart, 35 to 50 % of those order.
 */
final class Shopper extends Actor {
    /** Share of looks that the hot SKU gets in a run on it. */
    static final double HOT_SHARE = 0.35;

    private static final double PROMOTED_SHARE = 0.3;

    private static final double ADD = 0.029;
    private static final double BUY_NOW = 0.0025;
    private static final double REMOVE = 0.08;
    private static final double BROWSE_ON = 0.4;
    private static final double CHECK_OUT = 0.55;
    private static final double PLACE = 0.74;
    private static final double LEAVE_AT_ONCE = 0.24;
    private static final double LEAVE = 0.13;

    /** What remains of a success on iOS while its checkout is broken. */
    private static final double IOS_BROKEN = 0.2;

    private enum Step {
        BROWSE,
        ADD,
        REMOVE,
        CHECK_OUT,
        PLACE
    }

    private record Line(Sku sku, long quantity) {}

    private final Simulation shop;
    private final SeededRandom random;
    private final String visitorId;
    private final String sessionId;
    private final Audience.Channel channel;
    private final Audience.Device device;
    private final int region;
    private final String campaign;
    private final double appetite;
    private final List<Line> cart = new ArrayList<>(2);
    private Step next = Step.BROWSE;
    private Sku lookedAt;
    private boolean entered;
    private boolean hurried;

    Shopper(Simulation shop) {
        this.shop = shop;
        random = shop.random();
        long visitor = shop.visitor();
        visitorId = shop.visitorId(visitor);
        sessionId = shop.newSession();
        device = Audience.deviceOf(visitor);
        region = Audience.regionOf(visitor);
        channel = Audience.channel(random);
        if (shop.is(Disturbance.SURGE) && random.chance(0.5)) {
            campaign = "flash-sale";
        } else if (channel.campaigns().isEmpty()) {
            campaign = null;
        } else {
            campaign = channel.campaigns().get(random.below(channel.campaigns().size()));
        }
        appetite = channel.appetite() * device.appetite();
    }

    void enter(long now) {
        shop.schedule(this, now);
    }

    @Override
    void act(long now) {
        switch (next) {
            case BROWSE -> browse(now);
            case ADD -> add(now);
            case REMOVE -> remove(now);
            case CHECK_OUT -> checkOut(now);
            case PLACE -> place(now);
        }
    }

    private void browse(long now) {
        EventType type = kindOfLook(random.nextDouble());
        boolean first = !entered;
        entered = true;
        if (type == EventType.VIEW_ITEM) {
            lookedAt = choose();
            emit(event(type, now).sku(lookedAt.id()).category(lookedAt.category()));
            if (decide(now)) {
                return;
            }
        } else if (type == EventType.VIEW_LIST) {
            Sku listed = lookedAt == null ? shop.catalogue().any(random) : lookedAt;
            emit(event(type, now).category(listed.category()));
        } else {
            emit(event(type, now));
        }
        if (random.chance(first ? LEAVE_AT_ONCE : LEAVE)) {
            leave(now);
        } else {
            then(Step.BROWSE, now, 11, 0.9);
        }
    }

    private EventType kindOfLook(double point) {
        if (entered) {
            return point < 0.5
                    ? EventType.VIEW_ITEM
                    : point < 0.74 ? EventType.VIEW_LIST : point < 0.88 ? EventType.SEARCH : EventType.PAGE_VIEW;
        }
        return point < 0.4 ? EventType.VIEW_ITEM : point < 0.6 ? EventType.VIEW_LIST : EventType.PAGE_VIEW;
    }

    private Sku choose() {
        if (shop.is(Disturbance.HOT_SKU) && random.chance(HOT_SHARE)) {
            return shop.hotSku();
        }
        if (shop.is(Disturbance.SURGE) && random.chance(PROMOTED_SHARE)) {
            return shop.catalogue().anyPromoted(random);
        }
        return lookedAt != null && random.chance(0.5)
                ? shop.catalogue().anyOf(lookedAt.categoryIndex(), random)
                : shop.catalogue().any(random);
    }

    /** Whether the item is taken: into the cart or, rarely, straight to checkout. */
    private boolean decide(long now) {
        double wish = random.nextDouble() / (appetite * interest());
        if (wish >= ADD + BUY_NOW || !shop.stock().has(lookedAt)) {
            return false;
        }
        if (wish < BUY_NOW) {
            cart.clear();
            cart.add(new Line(lookedAt, 1));
            hurried = true;
            then(Step.CHECK_OUT, now, 6, 0.6);
        } else {
            then(Step.ADD, now, 8, 0.8);
        }
        return true;
    }

    private double interest() {
        if (shop.is(Disturbance.HOT_SKU) && lookedAt.rank() == shop.hotSku().rank()) {
            return 1.2;
        }
        return shop.is(Disturbance.SURGE) && shop.catalogue().isPromoted(lookedAt) ? 1.15 : 1;
    }

    private void add(long now) {
        double much = random.nextDouble();
        Line line = new Line(lookedAt, much < 0.82 ? 1 : much < 0.95 ? 2 : 3);
        cart.add(line);
        emit(line(EventType.ADD_TO_CART, line, now));
        double then = random.nextDouble();
        if (then < REMOVE) {
            then(Step.REMOVE, now, 20, 0.8);
        } else if (then < REMOVE + BROWSE_ON) {
            then(Step.BROWSE, now, 11, 0.9);
        } else {
            leave(now);
        }
    }

    private void remove(long now) {
        emit(line(EventType.REMOVE_FROM_CART, cart.remove(cart.size() - 1), now));
        if (random.chance(0.5)) {
            then(Step.BROWSE, now, 11, 0.9);
        } else {
            leave(now);
        }
    }

    /** Leaves the aisles: with something in the cart perhaps by way of the till. */
    private void leave(long now) {
        if (!cart.isEmpty() && random.chance(CHECK_OUT)) {
            then(Step.CHECK_OUT, now, 15, 0.7);
        }
    }

    private void checkOut(long now) {
        Line first = cart.get(0);
        emit(event(EventType.BEGIN_CHECKOUT, now)
                .sku(first.sku().id())
                .category(first.sku().category()));
        double success = PLACE * device.checkout();
        if (shop.is(Disturbance.IOS_CHECKOUT) && device.name().equals("ios")) {
            success *= IOS_BROKEN;
        }
        if (random.chance(success)) {
            then(Step.PLACE, now, hurried ? 15 : 32, 0.6);
        }
    }

    private void place(long now) {
        if (!shop.isOpen(now)) {
            return;
        }
        List<Item> items = new ArrayList<>(cart.size());
        List<Integer> shelves = new ArrayList<>(cart.size());
        for (Line line : cart) {
            int shelf = shop.stock().choose(line.sku(), line.quantity(), Audience.NEAREST[region], random);
            if (shelf >= 0) {
                // Reserved at once, lest a second line of the same SKU promises the same units.
                shop.stock().reserve(shelf, line.quantity(), now);
                shelves.add(shelf);
                items.add(new Item(
                        line.sku().id(),
                        line.sku().category(),
                        line.quantity(),
                        line.sku().unitPrice(),
                        shop.stock().warehouse(shelf)));
            }
        }
        cart.clear();
        if (items.isEmpty()) {
            return;
        }
        new OrderLife(
                        shop,
                        new OrderLife.Customer(
                                visitorId,
                                sessionId,
                                channel.name(),
                                campaign,
                                device.name(),
                                Audience.REGIONS.get(region)),
                        items,
                        shelves)
                .place(now);
        if (random.chance(0.1)) {
            then(Step.BROWSE, now, 30, 0.9);
        }
    }

    private void then(Step step, long now, double medianSeconds, double sigma) {
        next = step;
        double seconds = Math.min(Math.max(random.logNormal(medianSeconds, sigma), 0.4), 600);
        shop.schedule(this, now + (long) (seconds * 1000));
    }

    private ShopEvent.Builder line(EventType type, Line line, long now) {
        return event(type, now)
                .sku(line.sku().id())
                .category(line.sku().category())
                .quantity(line.quantity())
                .unitPrice(line.sku().unitPrice());
    }

    private ShopEvent.Builder event(EventType type, long now) {
        return shop.event(type, now)
                .visitor(visitorId)
                .session(sessionId)
                .channel(channel.name())
                .campaign(campaign)
                .device(device.name())
                .region(Audience.REGIONS.get(region));
    }

    private void emit(ShopEvent.Builder event) {
        shop.emit(event.build());
    }
}
