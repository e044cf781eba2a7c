package io.shopwatch.job.sales;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventOrder;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.event.Vocabulary;
import io.shopwatch.domain.sales.SalesFigure;
import io.shopwatch.domain.sales.SalesLedger;
import io.shopwatch.domain.sales.VisitorRules;
import io.shopwatch.domain.sales.VisitorSales;
import io.shopwatch.oracle.RandomShop;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VisitorCodecTest {
    private static final long NOON = Instant.parse("2026-11-11T12:00:00Z").toEpochMilli();
    private static final long NEVER = VisitorSales.NEVER;

    private final VisitorCodec codec = new VisitorCodec();
    private final Vocabulary words = new Vocabulary();
    private final VisitorRules rules = new VisitorRules(ZoneOffset.UTC);

    private VisitorState written(VisitorState state) {
        byte[] bytes = codec.write(state, words, NOON).toBytes();
        // There may be anything before it and behind its end.
        byte[] longer = new byte[bytes.length + 30];
        Arrays.fill(longer, (byte) 0x15);
        System.arraycopy(bytes, 0, longer, 10, bytes.length);
        return codec.read(longer, 10, words);
    }

    @Test
    void readsWhatItWroteAfterEveryEvent() {
        Random random = new Random(3);
        Map<String, VisitorSales> visitors = new HashMap<>();
        List<ShopEvent> events =
                RandomShop.events(random, NOON, Duration.ofHours(3).toMillis(), 3_000);
        int late = 0;
        int buyers = 0;
        int carts = 0;
        for (ShopEvent event : events.stream()
                .map(VisitorCodecTest::fact)
                .sorted(EventOrder.IN_TIME)
                .toList()) {
            VisitorSales before = visitors.getOrDefault(event.visitorId(), VisitorSales.EMPTY);
            boolean isLate = random.nextInt(4) == 0;
            VisitorSales after = isLate
                    ? rules.late(before, event, event.time() + 7_000, new NoLedger())
                    : rules.onTime(before, event, new NoLedger());
            VisitorState state = new VisitorState(
                    after,
                    after.cart() == null ? NEVER : rules.leftAt(after.cart()),
                    random.nextBoolean() ? NEVER : event.time() / 60_000 * 60_000 + 60_000);
            assertThat(written(state)).isEqualTo(state);
            visitors.put(event.visitorId(), after);
            late += after.hits().stream().anyMatch(hit -> hit.lateDay() != NEVER) ? 1 : 0;
            buyers += after.hits().stream().anyMatch(hit -> hit.figure() == SalesFigure.BUYERS) ? 1 : 0;
            carts += after.cart() == null ? 0 : 1;
        }
        assertThat(late).isPositive();
        assertThat(buyers).isPositive();
        assertThat(carts).isPositive();
    }

    /** Order events as their facts: with items and money. */
    private static ShopEvent fact(ShopEvent event) {
        if (event.stream() != EventStream.ORDERS) {
            return event;
        }
        return ShopEvent.builder(event.type(), event.eventId(), event.time())
                .visitor(event.visitorId() == null ? "v" : event.visitorId())
                .channel(event.channel())
                .items(List.of(new Item("sku", event.time() % 2 == 0 ? "shoes" : null, 1, 10_000, "default")))
                .currency(event.time() % 3 == 0 ? "USD" : "CNY")
                .discount(0L)
                .build();
    }

    @Test
    void keepsWhatHasNoNumber() {
        String endless = "campaign-" + "1".repeat(Vocabulary.MAX_LENGTH);
        VisitorState state = new VisitorState(
                new VisitorSales(
                        List.of(
                                new VisitorSales.Hit(SalesFigure.VISITORS, Segment.CAMPAIGN, endless, null, 17, NEVER),
                                new VisitorSales.Hit(
                                        SalesFigure.BUYERS, Segment.CATEGORY, "鞋 👟", "CNY", NEVER, 86_400)),
                        new VisitorSales.Cart(NOON, "ads", "ios", "浙江", endless, List.of("hats", "鞋 👟"))),
                NOON + 1_799_999,
                NEVER);
        assertThat(written(state)).isEqualTo(state);
        assertThat(written(VisitorState.NEW)).isEqualTo(VisitorState.NEW);
    }

    @Test
    void remembersATypicalVisitorInFortyBytes() {
        VisitorSales visitor = VisitorSales.EMPTY;
        // three looks at things of two categories
        for (int i = 0; i < 3; i++) {
            visitor = rules.onTime(
                    visitor,
                    ShopEvent.builder(EventType.VIEW_ITEM, "e" + i, NOON + i * 20_000L)
                            .visitor("v")
                            .channel("search")
                            .device("ios")
                            .region("north")
                            .campaign("campaign-1")
                            .category(i == 0 ? "shoes" : "hats")
                            .build(),
                    new NoLedger());
        }
        VisitorState state = new VisitorState(visitor, NEVER, NOON + 12 * 3_600_000);
        assertThat(codec.write(state, words, NOON).toBytes()).hasSizeLessThan(40);
    }

    private static final class NoLedger implements SalesLedger {
        @Override
        public void add(SalesFigure figure, Segment segment, String value, String currency, long pane, long amount) {}

        @Override
        public void move(
                SalesFigure figure, Segment segment, String value, String currency, long pane, long previous) {}

        @Override
        public void addToday(
                SalesFigure figure, Segment segment, String value, String currency, long pane, long amount) {}
    }
}
