package io.shopwatch.domain.event;

import static io.shopwatch.domain.event.EventType.CANCELLED;
import static io.shopwatch.domain.event.EventType.PAID;
import static io.shopwatch.domain.event.EventType.PLACED;
import static io.shopwatch.domain.event.EventType.REFUNDED;
import static io.shopwatch.domain.event.EventType.SHIPPED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderRulesTest {
    private static final long HOUR = 3_600_000;
    private static final List<Item> ITEMS = List.of(item("a", 2, 100), item("b", 1, 200));

    private final OrderRules rules = new OrderRules(Duration.ofHours(1), Duration.ofDays(30), "USD");
    private final List<ShopEvent> facts = new ArrayList<>();
    private final List<ShopEvent> lateFacts = new ArrayList<>();
    private OrderHistory order = OrderHistory.EMPTY;
    private boolean duplicate;

    @Test
    void passesOnEveryStepOfAnOrderWithTheItemsDiscountAndCurrencyAsPlaced() {
        onTime(placed("e1", 1000).discount(40L).currency("EUR"));
        onTime(event(PAID, "e2", 2000));
        onTime(event(SHIPPED, "e3", 3000));
        onTime(event(CANCELLED, "e4", 4000));
        onTime(event(REFUNDED, "e5", 5000));

        assertThat(facts).extracting(ShopEvent::type).containsExactly(PLACED, PAID, SHIPPED, CANCELLED, REFUNDED);
        assertThat(facts).extracting(ShopEvent::items).containsOnly(ITEMS);
        assertThat(facts).extracting(ShopEvent::discount).containsOnly(40L);
        assertThat(facts).extracting(ShopEvent::currency).containsOnly("EUR");
        assertThat(lateFacts).isEmpty();
    }

    @Test
    void countsAnEventIdOnceWithinItsTimeToLive() {
        onTime(placed("e1", 1000));
        onTime(event(REFUNDED, "e2", 2000));
        onTime(event(REFUNDED, "e2", 2000));
        assertThat(duplicate).isTrue();
        onTime(event(REFUNDED, "e2", 2000 + HOUR));
        assertThat(duplicate).isTrue();
        // the copies did not renew the memory of e2: it ends an hour after the first
        onTime(event(REFUNDED, "e2", 2001 + HOUR));
        assertThat(duplicate).isFalse();
        assertThat(facts).extracting(ShopEvent::time).containsExactly(1000L, 2000L, 2001 + HOUR);
    }

    @Test
    void placedAndPaidCountOnceWhateverTheEventId() {
        onTime(placed("e1", 1000));
        onTime(placed("e2", 1500).items(List.of(item("c", 9, 9))));
        assertThat(duplicate).isFalse();
        onTime(event(PAID, "e3", 2000));
        onTime(event(PAID, "e4", 2500));
        assertThat(duplicate).isFalse();
        assertThat(facts).extracting(ShopEvent::eventId).containsExactly("e1", "e3");
        assertThat(facts.get(1).items()).isEqualTo(ITEMS);
    }

    @Test
    void aPartBearsItsShareOfTheDiscountUnlessItSaysOtherwise() {
        onTime(placed("e1", 1000).discount(40L));
        // a is 2 · 100 of 400: 40 · 100 / 400 = 10 per unit
        onTime(event(REFUNDED, "e2", 2000).items(List.of(item("a", 1, 100))));
        onTime(event(REFUNDED, "e3", 3000).items(List.of(item("a", 1, 100))).discount(7L));
        onTime(event(REFUNDED, "e4", 4000).discount(0L));
        assertThat(facts).extracting(ShopEvent::discount).containsExactly(40L, 10L, 7L, 0L);
    }

    @Test
    void theCurrencyIsTheOwnThenThePlacedThenTheShops() {
        onTime(event(PAID, "e0", 500).items(ITEMS));
        onTime(placed("e1", 1000).currency("EUR"));
        onTime(event(SHIPPED, "e2", 2000));
        onTime(event(REFUNDED, "e3", 3000).currency("GBP"));
        assertThat(facts).extracting(ShopEvent::currency).containsExactly("USD", "EUR", "EUR", "GBP");
    }

    @Test
    void whatNeedsThePlacedOrderWaitsForItAndIsThenLate() {
        onTime(event(SHIPPED, "e3", 3000));
        onTime(event(PAID, "e2", 2000).items(null));
        onTime(event(PAID, "e4", 4000));
        assertThat(facts).isEmpty();

        onTime(placed("e5", 5000).discount(40L));

        assertThat(facts).extracting(ShopEvent::eventId).containsExactly("e5");
        // in their own order; the second payment is none
        assertThat(lateFacts).extracting(ShopEvent::eventId).containsExactly("e2", "e3");
        assertThat(lateFacts).extracting(ShopEvent::discount).containsOnly(40L);
        assertThat(order.waiting()).isEmpty();
        onTime(event(PAID, "e6", 6000));
        assertThat(facts).hasSize(1);
    }

    @Test
    void whatBringsItsOwnItemsDoesNotWait() {
        onTime(event(PAID, "e1", 1000).items(ITEMS));
        assertThat(facts).extracting(ShopEvent::discount).containsExactly(0L);
        onTime(placed("e2", 2000));
        onTime(event(PAID, "e3", 3000));
        assertThat(facts).extracting(ShopEvent::eventId).containsExactly("e1", "e2");
    }

    @Test
    void waitingIsBounded() {
        for (int i = 0; i < 100; i++) {
            onTime(event(REFUNDED, "r" + i, 1000 + i));
        }
        assertThat(order.waiting()).hasSize(OrderRules.MAX_WAITING);
        onTime(placed("e", 5000));
        assertThat(lateFacts).hasSize(64);
    }

    @Test
    void rememberedIdsAreBoundedTheOldestGoesFirst() {
        onTime(placed("e", 999));
        for (int i = 0; i < 2000; i++) {
            onTime(event(REFUNDED, "r" + i, 1000 + i));
        }
        assertThat(order.seen()).hasSize(OrderRules.MAX_SEEN);
        assertThat(order.seen().get(0).eventId()).isEqualTo("r" + (2000 - OrderRules.MAX_SEEN));
    }

    @Test
    void factsOfLateEventsAreLate() {
        onTime(event(PAID, "e2", 2000));
        late(placed("e1", 1000), 10_000);
        assertThat(facts).isEmpty();
        assertThat(lateFacts).extracting(ShopEvent::eventId).containsExactly("e1", "e2");

        late(event(REFUNDED, "e3", 3000), 10_000);
        late(event(REFUNDED, "e3", 3000), 10_000 + HOUR);
        assertThat(duplicate).isTrue();
        assertThat(lateFacts).hasSize(3);

        onTime(event(SHIPPED, "e4", 11_000 + HOUR));
        assertThat(facts).extracting(ShopEvent::eventId).containsExactly("e4");
    }

    @Test
    void forgetsIdsAfterTheirTimeToLiveAndTheOrderAfterItsOwn() {
        onTime(placed("e1", 1000));
        onTime(event(PAID, "e2", 2000));
        assertThat(rules.due(order)).isEqualTo(2000 + HOUR + 1);

        order = rules.settle(order, rules.due(order));
        assertThat(order.seen()).isEmpty();
        assertThat(order.placed()).isTrue();
        assertThat(rules.due(order)).isEqualTo(2000 + 30 * 24 * HOUR + 1);

        order = rules.settle(order, rules.due(order));
        assertThat(order.isEmpty()).isTrue();
        assertThat(rules.due(order)).isEqualTo(OrderHistory.NEVER);
    }

    @Test
    void anOrderIdUsedAgainAfterItsTimeIsANewOrder() {
        onTime(placed("e1", 1000));
        onTime(placed("e2", 1000 + 30 * 24 * HOUR));
        assertThat(facts).hasSize(1);
        onTime(placed("e3", 1000 + 60 * 24 * HOUR + 1));
        assertThat(facts).extracting(ShopEvent::eventId).containsExactly("e1", "e3");
    }

    private void onTime(ShopEvent.Builder event) {
        take(rules.onTime(order, event.build()));
    }

    private void late(ShopEvent.Builder event, long now) {
        take(rules.late(order, event.build(), now));
    }

    private void take(OrderRules.Decision decision) {
        order = decision.next();
        duplicate = decision.duplicate();
        facts.addAll(decision.facts());
        lateFacts.addAll(decision.lateFacts());
    }

    private static ShopEvent.Builder placed(String eventId, long time) {
        return event(PLACED, eventId, time).items(ITEMS);
    }

    private static ShopEvent.Builder event(EventType type, String eventId, long time) {
        return ShopEvent.builder(type, eventId, time).visitor("v").order("o");
    }

    private static Item item(String sku, long quantity, long unitPrice) {
        return new Item(sku, null, quantity, unitPrice, "default");
    }
}
