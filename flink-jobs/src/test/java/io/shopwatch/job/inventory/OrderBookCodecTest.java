package io.shopwatch.job.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.inventory.OrderEvent;
import io.shopwatch.oracle.RandomShop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OrderBookCodecTest {
    private static final long NOON = Instant.parse("2026-11-11T12:00:00Z").toEpochMilli();

    private final OrderBookCodec codec = new OrderBookCodec();

    @Test
    void readsWhatItWrote() {
        Random random = new Random(9);
        Map<String, List<OrderEvent>> orders =
                RandomShop.events(random, NOON, Duration.ofHours(3).toMillis(), 2_000).stream()
                        .filter(event -> event.stream() == EventStream.ORDERS)
                        .collect(Collectors.groupingBy(
                                ShopEvent::orderId,
                                Collectors.mapping(
                                        event -> remembered(event, random.nextBoolean()), Collectors.toList())));
        assertThat(orders).hasSizeGreaterThan(100);
        orders.values().forEach(events -> {
            ReservationFunction.OrderBook book = new ReservationFunction.OrderBook(events, NOON + events.size());
            assertThat(codec.read(codec.write(book).toBytes(), 0)).isEqualTo(book);
        });
        List<OrderEvent> all = orders.values().stream().flatMap(List::stream).toList();
        assertThat(all).anyMatch(OrderEvent::restock).anyMatch(event -> event.items() == null);
        assertThat(all).anyMatch(event -> event.currency() == null).anyMatch(event -> event.currency() != null);
    }

    private static OrderEvent remembered(ShopEvent event, boolean restock) {
        OrderEvent of = OrderEvent.of(event);
        return new OrderEvent(of.type(), of.eventId(), of.time(), of.items(), of.currency(), restock);
    }
}
