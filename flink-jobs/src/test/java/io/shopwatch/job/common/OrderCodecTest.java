package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventOrder;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.OrderHistory;
import io.shopwatch.domain.event.OrderRules;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.oracle.RandomShop;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderCodecTest {
    private static final long NOON = Instant.parse("2026-11-11T12:00:00Z").toEpochMilli();

    private final OrderCodec codec = new OrderCodec();

    @Test
    void readsWhatItWroteAfterEveryEvent() throws IOException {
        OrderRules rules = new OrderRules(Duration.ofHours(1), Duration.ofHours(6), "USD");
        Random random = new Random(8);
        Map<String, OrderHistory> orders = new HashMap<>();
        int waiting = 0;
        int placed = 0;
        List<ShopEvent> events =
                RandomShop.events(random, NOON, Duration.ofHours(3).toMillis(), 2_000);
        for (ShopEvent event : events.stream()
                .filter(event -> event.stream() == EventStream.ORDERS)
                // Payments of orders that are unknown wait for them.
                .filter(event -> event.type() != EventType.PLACED || random.nextInt(3) > 0)
                .sorted(EventOrder.IN_TIME)
                .toList()) {
            OrderHistory before = orders.getOrDefault(event.orderId(), OrderHistory.EMPTY);
            OrderHistory after = random.nextInt(3) == 0
                    ? rules.late(before, event, event.time() + 5_000).next()
                    : rules.onTime(before, event).next();
            OrderFacts.Order order =
                    new OrderFacts.Order(after, random.nextBoolean() ? OrderHistory.NEVER : rules.due(after));
            assertThat(codec.read(codec.write(order).toBytes(), 0)).isEqualTo(order);
            orders.put(event.orderId(), after);
            waiting += after.waiting().size();
            placed += after.placed() ? 1 : 0;
        }
        assertThat(waiting).isPositive();
        assertThat(placed).isPositive();
    }

    @Test
    void keepsAnOrderOfWhichOnlyIdsAreKnown() throws IOException {
        OrderFacts.Order order = new OrderFacts.Order(
                new OrderHistory(
                        null,
                        0,
                        null,
                        false,
                        List.of(new OrderHistory.Seen("ê".repeat(256), NOON)),
                        List.of(),
                        OrderHistory.NEVER),
                NOON);
        assertThat(codec.read(codec.write(order).toBytes(), 0)).isEqualTo(order);
    }

    @Test
    void remembersATypicalOrderInAHundredBytes() throws IOException {
        OrderHistory history = new OrderHistory(
                List.of(new Item("sku-00017", "shoes", 2, 499_900, "default"), new Item("sku-2", null, 1, 0, "west")),
                0,
                "EUR",
                true,
                List.of(new OrderHistory.Seen("event-1000001", NOON), new OrderHistory.Seen("event-1000002", NOON + 9)),
                List.of(),
                NOON + 9);
        assertThat(codec.write(new OrderFacts.Order(history, NOON + 3_600_000)).toBytes())
                .hasSizeLessThan(100);
    }
}
