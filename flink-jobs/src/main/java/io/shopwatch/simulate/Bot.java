package io.shopwatch.simulate;

import io.shopwatch.domain.event.EventType;

/** A program that looks at a few items in quick succession under a name of its own, and never buys. */
final class Bot extends Actor {
    private final Simulation shop;
    private final String visitorId;
    private final String sessionId;
    private final int region;
    private int looks;

    Bot(Simulation shop) {
        this.shop = shop;
        sessionId = shop.newSession();
        visitorId = "bot-" + sessionId;
        region = shop.random().below(Audience.REGIONS.size());
        looks = 2 + shop.random().below(5);
    }

    void enter(long now) {
        shop.schedule(this, now);
    }

    @Override
    void act(long now) {
        Catalogue.Sku sku = shop.catalogue().skus().get(shop.random().below(Catalogue.SKUS));
        shop.emit(shop.event(EventType.VIEW_ITEM, now)
                .visitor(visitorId)
                .session(sessionId)
                .channel("direct")
                .device("desktop")
                .region(Audience.REGIONS.get(region))
                .sku(sku.id())
                .category(sku.category())
                .build());
        looks--;
        if (looks > 0) {
            shop.schedule(this, now + (long) shop.random().between(300, 1500));
        }
    }
}
