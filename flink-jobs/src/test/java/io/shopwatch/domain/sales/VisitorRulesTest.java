package io.shopwatch.domain.sales;

import static io.shopwatch.domain.event.EventType.ADD_TO_CART;
import static io.shopwatch.domain.event.EventType.BEGIN_CHECKOUT;
import static io.shopwatch.domain.event.EventType.PAGE_VIEW;
import static io.shopwatch.domain.event.EventType.PAID;
import static io.shopwatch.domain.event.EventType.PLACED;
import static io.shopwatch.domain.event.EventType.REFUNDED;
import static io.shopwatch.domain.event.EventType.REMOVE_FROM_CART;
import static io.shopwatch.domain.event.EventType.SHIPPED;
import static io.shopwatch.domain.event.EventType.VIEW_ITEM;
import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.event.ShopEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisitorRulesTest {
    private static final long MINUTE = 60_000;
    private static final long NOON = Instant.parse("2026-11-11T12:00:00Z").toEpochMilli();
    private static final long MIDNIGHT = Instant.parse("2026-11-12T00:00:00Z").toEpochMilli();

    private final VisitorRules rules = new VisitorRules(ZoneId.of("UTC"));
    private final List<String> entries = new ArrayList<>();
    private VisitorSales state = VisitorSales.EMPTY;

    /** Writes entries as "what figure value currency seconds-since-noon amount-or-previous", segment "all" by default. */
    private final SalesLedger ledger = new SalesLedger() {
        @Override
        public void add(SalesFigure figure, Segment segment, String value, String currency, long pane, long amount) {
            entry("add", figure, segment, value, currency, pane, amount);
        }

        @Override
        public void move(SalesFigure figure, Segment segment, String value, String currency, long pane, long previous) {
            entry(
                    "move",
                    figure,
                    segment,
                    value,
                    currency,
                    pane,
                    previous == VisitorSales.NEVER ? previous : previous - NOON / 1000);
        }

        @Override
        public void addToday(
                SalesFigure figure, Segment segment, String value, String currency, long pane, long amount) {
            entry("today", figure, segment, value, currency, pane, amount);
        }
    };

    @Test
    void countsAVisitorOncePerValueAndMovesTheCountToTheLastHit() {
        onTime(click(NOON).channel("ads"));
        assertThat(entries)
                .containsExactly(
                        "add VISITORS all=all 0 1",
                        "add VISITORS channel=ads 0 1",
                        "add VISITORS device=unknown 0 1",
                        "add VISITORS region=unknown 0 1",
                        "add VISITORS campaign=unknown 0 1",
                        "add VISITORS category=unknown 0 1");
        entries.clear();

        onTime(click(NOON + 999).channel("ads"));
        assertThat(entries).isEmpty();

        onTime(click(NOON + 5000).channel("mail"));
        assertThat(entries)
                .contains("move VISITORS all=all 5 0", "add VISITORS channel=mail 5 1")
                .noneMatch(entry -> entry.contains("ads"));
    }

    @Test
    void afterAnHourTheLastHitIsInNoWindowButStillInTheDay() {
        onTime(click(NOON));
        entries.clear();
        onTime(click(NOON + 3_600_000));
        assertThat(all()).containsExactly("move VISITORS all=all 3600 -9223372036854775808");
        entries.clear();
        onTime(click(NOON + 2 * 3_600_000 - 1000));
        assertThat(all()).containsExactly("move VISITORS all=all 7199 3600");
    }

    @Test
    void aNewDayCountsTheVisitorAnew() {
        onTime(click(MIDNIGHT - 1000));
        entries.clear();
        onTime(click(MIDNIGHT));
        assertThat(all()).containsExactly("move VISITORS all=all 43200 43199", "today VISITORS all=all 43200 1");
    }

    @Test
    void aDayHasTwentyFiveHoursWhenClocksGoBack() {
        VisitorRules newYork = new VisitorRules(ZoneId.of("America/New_York"));
        long midnight = Instant.parse("2026-11-01T04:00:00Z").toEpochMilli();
        VisitorSales first = newYork.onTime(state, click(midnight).build(), ledger);
        assertThat(newYork.forgottenAt(first.hits())).isEqualTo(midnight + 25 * 3_600_000);
        entries.clear();
        newYork.onTime(first, click(midnight + 25 * 3_600_000 - 1).build(), ledger);
        assertThat(all()).singleElement().asString().startsWith("move");
        entries.clear();
        newYork.onTime(first, click(midnight + 25 * 3_600_000).build(), ledger);
        assertThat(all()).singleElement().asString().startsWith("add");
    }

    @Test
    void aLateClickCountsForItsDayAndLeavesWindowsAlone() {
        // it shows from now on, not in what has been reported
        late(click(NOON), NOON + MINUTE);
        assertThat(all()).containsExactly("today VISITORS all=all 60 1");
        late(click(NOON + 1000), NOON + MINUTE);
        assertThat(all()).hasSize(1);
        entries.clear();

        // in time: new in the windows, but not in the day
        onTime(click(NOON + 2 * MINUTE));
        assertThat(all()).containsExactly("move VISITORS all=all 120 -9223372036854775808");
        entries.clear();

        late(click(NOON + 1000), NOON + 3 * MINUTE);
        assertThat(entries).isEmpty();
        onTime(click(NOON + 4 * MINUTE));
        assertThat(all()).containsExactly("move VISITORS all=all 240 120");
    }

    @Test
    void aLateClickOfADayThatIsOverCountsNowhere() {
        // the last second of the day is reported when time reaches 23:59:59.999
        late(click(MIDNIGHT - 5000), MIDNIGHT - 2);
        assertThat(all()).hasSize(1);
        entries.clear();
        state = VisitorSales.EMPTY;
        late(click(MIDNIGHT - 5000), MIDNIGHT - 1);
        assertThat(entries).isEmpty();
        assertThat(state.isEmpty()).isTrue();
    }

    @Test
    void ordersCountMoneyAtTheirOwnTimeOncePerCategory() {
        onTime(order(PLACED, NOON, item("shoes", 1, 300), item("shoes", 1, 100), item(null, 2, 50))
                .discount(50L));
        assertThat(all()).containsExactly("add ORDERS_PLACED all=all USD 0 1", "add GMV_PLACED all=all USD 0 450");
        // 50 over 300 : 100 : 100 is 30 : 10 : 10
        assertThat(entries)
                .contains(
                        "add ORDERS_PLACED category=shoes USD 0 1",
                        "add GMV_PLACED category=shoes USD 0 360",
                        "add ORDERS_PLACED category=unknown USD 0 1",
                        "add GMV_PLACED category=unknown USD 0 90");
        entries.clear();

        onTime(order(PAID, NOON + 9000, item("shoes", 2, 300)).channel("ads"));
        assertThat(all())
                .containsExactly(
                        "add ORDERS_PAID all=all USD 9 1",
                        "add UNITS_PAID all=all USD 9 2",
                        "add GMV_PAID all=all USD 9 600",
                        "add BUYERS all=all USD 9 1",
                        "add BUYERS_ANY_CURRENCY all=all 9 1");
        assertThat(entries).contains("add BUYERS channel=ads USD 9 1");
        entries.clear();

        onTime(order(SHIPPED, NOON + 10_000, item("shoes", 2, 300)));
        assertThat(entries).isEmpty();

        onTime(order(REFUNDED, NOON + 11_000, item("shoes", 1, 300)).discount(20L));
        assertThat(all()).containsExactly("add REFUNDED all=all USD 11 280");
        entries.clear();

        // a discount beyond the value gives nothing back
        onTime(order(REFUNDED, NOON + 12_000, item("shoes", 1, 300)).discount(500L));
        assertThat(entries).isEmpty();
    }

    @Test
    void aBuyerCountsOncePerCurrencyAndOnceInAll() {
        onTime(order(PAID, NOON, item("shoes", 1, 1)));
        entries.clear();
        onTime(order(PAID, NOON + 1000, item("shoes", 1, 1)).currency("EUR"));
        assertThat(all())
                .contains("add BUYERS all=all EUR 1 1", "move BUYERS_ANY_CURRENCY all=all 1 0")
                .doesNotContain("move BUYERS all=all USD 1 0");
    }

    @Test
    void aCartEndsAsOrderedWithTheValuesOfItsLastEventAndAllItsCategories() {
        onTime(cart(ADD_TO_CART, NOON).category("shoes").device("ios"));
        onTime(cart(ADD_TO_CART, NOON + MINUTE).category("hats").device("ios"));
        onTime(cart(BEGIN_CHECKOUT, NOON + 2 * MINUTE).category("socks").device("web"));
        assertThat(entries).isEmpty();

        onTime(order(PLACED, NOON + 3 * MINUTE, item("shoes", 1, 1)).device("android"));
        assertThat(carts())
                .containsExactly(
                        "add CARTS_ORDERED all=all 180 1",
                        "add CARTS_ORDERED channel=unknown 180 1",
                        "add CARTS_ORDERED device=web 180 1",
                        "add CARTS_ORDERED region=unknown 180 1",
                        "add CARTS_ORDERED campaign=unknown 180 1",
                        "add CARTS_ORDERED category=shoes 180 1",
                        "add CARTS_ORDERED category=hats 180 1");
        entries.clear();
        onTime(order(PLACED, NOON + 4 * MINUTE, item("shoes", 1, 1)));
        assertThat(carts()).isEmpty();
    }

    @Test
    void aCartIsAbandonedHalfAnHourAfterItsLastEvent() {
        onTime(cart(REMOVE_FROM_CART, NOON));
        assertThat(state.cart()).isNull();
        onTime(cart(ADD_TO_CART, NOON + 500));
        onTime(cart(REMOVE_FROM_CART, NOON + 10 * MINUTE + 500));
        assertThat(rules.leftAt(state.cart())).isEqualTo(NOON + 40 * MINUTE + 500);

        settle(NOON + 40 * MINUTE + 499);
        assertThat(carts()).isEmpty();
        settle(NOON + 41 * MINUTE);
        // found at 12:41, but it ended at 12:40:00.5
        assertThat(carts())
                .contains("add CARTS_ABANDONED all=all 2400 1", "add CARTS_ABANDONED category=unknown 2400 1");
        assertThat(state.isEmpty()).isTrue();
    }

    @Test
    void anEventAtTheVeryTimeFindsTheCartAbandoned() {
        onTime(cart(ADD_TO_CART, NOON));
        onTime(order(PLACED, NOON + 30 * MINUTE, item("shoes", 1, 1)));
        assertThat(carts()).hasSize(6).allMatch(entry -> entry.startsWith("add CARTS_ABANDONED"));
        entries.clear();

        onTime(cart(ADD_TO_CART, NOON + 31 * MINUTE));
        onTime(order(PLACED, NOON + 61 * MINUTE - 1, item("shoes", 1, 1)));
        assertThat(carts()).hasSize(6).allMatch(entry -> entry.startsWith("add CARTS_ORDERED"));
    }

    @Test
    void lateEventsLeaveCartsAlone() {
        late(cart(ADD_TO_CART, NOON), NOON + MINUTE);
        assertThat(state.isEmpty()).isTrue();
        onTime(cart(ADD_TO_CART, NOON + MINUTE));
        late(order(PLACED, NOON + MINUTE, item("shoes", 1, 1)), NOON + 2 * MINUTE);
        assertThat(state.cart()).isNotNull();
        assertThat(all())
                .containsExactly("today ORDERS_PLACED all=all USD 120 1", "today GMV_PLACED all=all USD 120 1");
    }

    @Test
    void nothingIsKeptOnceNoWindowNeedsIt() {
        onTime(click(NOON));
        assertThat(rules.forgottenAt(state.hits())).isEqualTo(MIDNIGHT);
        settle(MIDNIGHT);
        assertThat(state.isEmpty()).isTrue();

        onTime(click(MIDNIGHT - 1000));
        settle(MIDNIGHT);
        assertThat(state.hits()).hasSize(6);
        assertThat(rules.forgottenAt(state.hits())).isEqualTo(MIDNIGHT - 1000 + 60 * MINUTE);
        settle(MIDNIGHT - 1000 + 60 * MINUTE);
        assertThat(state.isEmpty()).isTrue();

        late(click(NOON), NOON + MINUTE);
        settle(MIDNIGHT - 1);
        assertThat(state.hits()).hasSize(6);
        settle(MIDNIGHT);
        assertThat(state.isEmpty()).isTrue();
    }

    @Test
    void aVisitorOfEndlessValuesIsBounded() {
        for (int i = 0; i < 3000; i++) {
            onTime(click(NOON + i * 1000L).campaign("c" + i));
        }
        // five values that stay the same, and the newest campaigns
        assertThat(state.hits()).hasSize(5 + VisitorRules.MAX_VALUES);
        assertThat(state.hits())
                .extracting(VisitorSales.Hit::value)
                .contains("c2999")
                .doesNotContain("c0");
    }

    private void onTime(ShopEvent.Builder event) {
        state = rules.onTime(state, event.build(), ledger);
    }

    private void late(ShopEvent.Builder event, long now) {
        state = rules.late(state, event.build(), now, ledger);
    }

    private void settle(long now) {
        state = rules.settle(state, now, ledger);
    }

    private List<String> all() {
        return entries.stream().filter(entry -> entry.contains("all=all")).toList();
    }

    private List<String> carts() {
        return entries.stream().filter(entry -> entry.contains("CARTS")).toList();
    }

    private void entry(
            String what, SalesFigure figure, Segment segment, String value, String currency, long pane, long number) {
        assertThat(currency != null).isEqualTo(figure.perCurrency());
        entries.add(what + " " + figure + " " + segment.wireName() + "=" + value
                + (currency == null ? "" : " " + currency) + " " + (pane - NOON / 1000) + " " + number);
    }

    private static ShopEvent.Builder click(long time) {
        return event(time % 2 == 0 ? VIEW_ITEM : PAGE_VIEW, time);
    }

    private static ShopEvent.Builder cart(EventType type, long time) {
        return event(type, time).sku("sku").quantity(1);
    }

    private static ShopEvent.Builder order(EventType type, long time, Item... items) {
        return event(type, time).order("o").items(List.of(items)).discount(0L).currency("USD");
    }

    private static ShopEvent.Builder event(EventType type, long time) {
        return ShopEvent.builder(type, type + "-" + time, time).visitor("v");
    }

    private static Item item(String category, long quantity, long unitPrice) {
        return new Item("sku", category, quantity, unitPrice, "default");
    }
}
