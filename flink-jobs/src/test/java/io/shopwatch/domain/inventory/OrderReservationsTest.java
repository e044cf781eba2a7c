package io.shopwatch.domain.inventory;

import static io.shopwatch.domain.event.EventType.CANCELLED;
import static io.shopwatch.domain.event.EventType.PAID;
import static io.shopwatch.domain.event.EventType.PLACED;
import static io.shopwatch.domain.event.EventType.REFUNDED;
import static io.shopwatch.domain.event.EventType.SHIPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OrderReservationsTest {

    private static OrderEvent event(EventType type, long time, Item... items) {
        String id = type + "@" + time;
        return new OrderEvent(type, id, time, items.length == 0 ? null : List.of(items), "EUR", false);
    }

    private static OrderEvent restocked(long time, Item... items) {
        return new OrderEvent(REFUNDED, "restock@" + time, time, items.length == 0 ? null : List.of(items), null, true);
    }

    private static Item item(String sku, long quantity, String warehouse) {
        return new Item(sku, null, quantity, 10_000, warehouse);
    }

    private static Item item(String sku, long quantity) {
        return item(sku, quantity, "default");
    }

    /** "sku@warehouse" → "on-hand reserved units orders", summed over all times. */
    private static Map<String, String> sums(List<StockChange> changes) {
        Map<String, long[]> sums = new TreeMap<>();
        for (StockChange change : changes) {
            long[] sum = sums.computeIfAbsent(change.sku() + "@" + change.warehouse(), any -> new long[4]);
            sum[0] += change.onHand();
            sum[1] += change.reserved();
            sum[2] += change.units();
            sum[3] += change.orders();
        }
        Map<String, String> text = new TreeMap<>();
        sums.forEach((key, sum) -> text.put(key, sum[0] + " " + sum[1] + " " + sum[2] + " " + sum[3]));
        return text;
    }

    private static List<StockChange> all(EventType commitOn, OrderEvent... events) {
        return new OrderReservations(commitOn).changes(List.of(), List.of(events), 99);
    }

    private static Arguments rule(String why, EventType commitOn, String expected, OrderEvent... events) {
        return Arguments.of(why, commitOn, expected, events);
    }

    static Stream<Arguments> rules() {
        OrderEvent five = event(PLACED, 1, item("a", 5));
        return Stream.of(
                // columns of the result: on-hand, reserved, units for velocity, orders behind them
                rule("placed reserves", SHIPPED, "{a@default=0 5 5 1}", five),
                rule(
                        "lines of one SKU add up",
                        SHIPPED,
                        "{a@default=0 5 5 1}",
                        event(PLACED, 1, item("a", 2), item("a", 3))),
                rule(
                        "lines of different SKUs and warehouses do not",
                        SHIPPED,
                        "{a@default=0 2 2 1, a@w=0 3 3 1, b@default=0 4 4 1}",
                        event(PLACED, 1, item("a", 2), item("a", 3, "w"), item("b", 4))),
                rule(
                        "a second placed never counts",
                        SHIPPED,
                        "{a@default=0 5 5 1}",
                        five,
                        event(PLACED, 2, item("a", 5))),
                rule("paid does nothing", SHIPPED, "{a@default=0 5 5 1}", five, event(PAID, 2)),
                // 5 reserved − 5 shipped
                rule("shipped takes the whole order", SHIPPED, "{a@default=-5 0 5 1}", five, event(SHIPPED, 2)),
                // 5 − 2 = 3 still reserved
                rule("a part may ship", SHIPPED, "{a@default=-2 3 5 1}", five, event(SHIPPED, 2, item("a", 2))),
                // on-hand −2 −5; reserved 5 − 2 − 3, never below 0
                rule(
                        "shipped without items means the order as placed",
                        SHIPPED,
                        "{a@default=-7 0 5 1}",
                        five,
                        event(SHIPPED, 2, item("a", 2)),
                        event(SHIPPED, 3)),
                rule(
                        "more than ordered may ship",
                        SHIPPED,
                        "{a@default=-6 0 5 1}",
                        five,
                        event(SHIPPED, 2, item("a", 6))),
                rule(
                        "something else may ship",
                        SHIPPED,
                        "{a@default=0 5 5 1, b@default=-1 0 0 0}",
                        five,
                        event(SHIPPED, 2, item("b", 1))),
                rule("cancelled releases", SHIPPED, "{a@default=0 0 0 0}", five, event(CANCELLED, 2)),
                // 5 − 2 = 3
                rule(
                        "a part may be cancelled",
                        SHIPPED,
                        "{a@default=0 3 3 1}",
                        five,
                        event(CANCELLED, 2, item("a", 2))),
                rule(
                        "at most what is reserved is released",
                        SHIPPED,
                        "{a@default=0 0 0 0}",
                        five,
                        event(CANCELLED, 2, item("a", 9)),
                        event(CANCELLED, 3)),
                // 2 shipped, the other 3 cancelled: 5 − 3 = 2 units sold
                rule(
                        "what has shipped can't be cancelled",
                        SHIPPED,
                        "{a@default=-2 0 2 1}",
                        five,
                        event(SHIPPED, 2, item("a", 2)),
                        event(CANCELLED, 3)),
                // the goods left although the order was cancelled
                rule(
                        "shipped after cancelled still takes units",
                        SHIPPED,
                        "{a@default=-5 0 0 0}",
                        five,
                        event(CANCELLED, 2),
                        event(SHIPPED, 3)),
                rule(
                        "refunded leaves stock alone",
                        SHIPPED,
                        "{a@default=-5 0 5 1}",
                        five,
                        event(SHIPPED, 2),
                        event(REFUNDED, 3)),
                // −5 + 5
                rule("restock puts back", SHIPPED, "{a@default=0 0 5 1}", five, event(SHIPPED, 2), restocked(3)),
                // −5 + 1
                rule(
                        "a part may be restocked",
                        SHIPPED,
                        "{a@default=-4 0 5 1}",
                        five,
                        event(SHIPPED, 2),
                        restocked(3, item("a", 1))),
                rule(
                        "without items it waits for placed",
                        SHIPPED,
                        "{}",
                        event(SHIPPED, 2),
                        event(CANCELLED, 3),
                        restocked(4)),
                rule(
                        "with items it does not",
                        SHIPPED,
                        "{a@default=-1 0 0 0}",
                        event(SHIPPED, 2, item("a", 2)),
                        restocked(4, item("a", 1))),
                rule(
                        "placed comes first whatever the clocks say",
                        SHIPPED,
                        "{a@default=0 0 0 0}",
                        event(CANCELLED, 0),
                        five),
                // committed on payment
                rule("paid takes units", PAID, "{a@default=-5 0 5 1}", five, event(PAID, 2)),
                rule("then shipped takes none", PAID, "{a@default=-5 0 5 1}", five, event(PAID, 2), event(SHIPPED, 3)),
                rule("shipped alone takes none", PAID, "{a@default=0 5 5 1}", five, event(SHIPPED, 3)),
                rule("a second paid never counts", PAID, "{a@default=-5 0 5 1}", five, event(PAID, 2), event(PAID, 3)),
                rule("a part may be paid", PAID, "{a@default=-2 3 5 1}", five, event(PAID, 2, item("a", 2))),
                // the sale is taken back, what payment took off the shelf only a restock puts back
                rule(
                        "cancelled before shipping",
                        PAID,
                        "{a@default=-5 0 0 0}",
                        five,
                        event(PAID, 2),
                        event(CANCELLED, 3)),
                rule(
                        "cancelled after shipping",
                        PAID,
                        "{a@default=-5 0 5 1}",
                        five,
                        event(PAID, 2),
                        event(SHIPPED, 3),
                        event(CANCELLED, 4)),
                // warehouses
                rule(
                        "a line without warehouse is that of the placed line",
                        SHIPPED,
                        "{a@w=-2 3 5 1}",
                        event(PLACED, 1, item("a", 5, "w")),
                        event(SHIPPED, 2, item("a", 2))),
                // 4 = 3 of v, then 1 of w
                rule(
                        "of several placed lines one after the other",
                        SHIPPED,
                        "{a@v=-3 0 3 1, a@w=-1 1 2 1}",
                        event(PLACED, 1, item("a", 3, "v"), item("a", 2, "w")),
                        event(SHIPPED, 2, item("a", 4))),
                // 6 = 3 of v, 2 of w, 1 more of v
                rule(
                        "what exceeds them is taken from the first",
                        SHIPPED,
                        "{a@v=-4 0 3 1, a@w=-2 0 2 1}",
                        event(PLACED, 1, item("a", 3, "v"), item("a", 2, "w")),
                        event(SHIPPED, 2, item("a", 6))),
                // 4 back = 3 to v, 1 to w
                rule(
                        "and goes back where it came from",
                        SHIPPED,
                        "{a@v=0 0 3 1, a@w=-1 0 2 1}",
                        event(PLACED, 1, item("a", 3, "v"), item("a", 2, "w")),
                        event(SHIPPED, 2),
                        restocked(3, item("a", 4))),
                rule(
                        "cancelled without warehouse likewise",
                        SHIPPED,
                        "{a@v=0 0 0 0, a@w=0 1 1 1}",
                        event(PLACED, 1, item("a", 3, "v"), item("a", 2, "w")),
                        event(CANCELLED, 2, item("a", 4))),
                rule(
                        "a warehouse named only at shipping loses the units, the placed line its reservation",
                        SHIPPED,
                        "{a@default=0 3 5 1, a@w=-2 0 0 0}",
                        five,
                        event(SHIPPED, 2, item("a", 2, "w"))),
                rule(
                        "a line of its own warehouse is not mixed with another",
                        SHIPPED,
                        "{a@v=0 3 3 1, a@w=-3 0 2 1}",
                        event(PLACED, 1, item("a", 3, "v"), item("a", 2, "w")),
                        event(SHIPPED, 2, item("a", 3, "w"))));
    }

    @ParameterizedTest(name = "{0} ({1})")
    @MethodSource("rules")
    void followsTheRule(String why, EventType commitOn, String expected, OrderEvent[] events) {
        assertThat(sums(all(commitOn, events))).as(why).hasToString(expected);
    }

    @ParameterizedTest(name = "{0} ({1})")
    @MethodSource("rules")
    void givesTheSameWhateverTheArrival(String why, EventType commitOn, String expected, OrderEvent[] events) {
        Random random = new Random(why.hashCode());
        for (int i = 0; i < 10; i++) {
            List<OrderEvent> arrival = new ArrayList<>(Arrays.asList(events));
            Collections.shuffle(arrival, random);
            assertThat(withoutNothing(oneByOne(commitOn, arrival)))
                    .as(why)
                    .isEqualTo(withoutNothing(sums(all(commitOn, events))));
        }
    }

    private static Map<String, String> oneByOne(EventType commitOn, List<OrderEvent> arrival) {
        OrderReservations reservations = new OrderReservations(commitOn);
        List<OrderEvent> known = new ArrayList<>();
        List<StockChange> sent = new ArrayList<>();
        for (OrderEvent event : arrival) {
            sent.addAll(reservations.changes(known, List.of(event), event.time()));
            known.add(event);
        }
        return sums(sent);
    }

    /** What was sent and taken back leaves a line of zeros. */
    private static Map<String, String> withoutNothing(Map<String, String> sums) {
        sums.values().removeIf("0 0 0 0"::equals);
        return sums;
    }

    @Test
    void sendsOnlyDifferences() {
        OrderReservations reservations = new OrderReservations(SHIPPED);
        OrderEvent placed = event(PLACED, 10, item("a", 5));

        assertThat(reservations.changes(List.of(placed), List.of(event(PAID, 20)), 20))
                .isEmpty();
        assertThat(reservations.changes(List.of(placed), List.of(event(SHIPPED, 20, item("a", 2))), 20))
                .containsExactly(change("SHIPPED@20", 20, 20, -2, -2, 0, 0));
    }

    @Test
    void takesBackWhatALaterArrivalRefutes() {
        OrderReservations reservations = new OrderReservations(SHIPPED);
        OrderEvent placed = event(PLACED, 10, item("a", 5));
        OrderEvent cancelled = event(CANCELLED, 30);

        // Shipped at 20 comes after cancelled at 30: 2 had left by then, so only 3 were cancelled.
        assertThat(reservations.changes(List.of(placed, cancelled), List.of(event(SHIPPED, 20, item("a", 2))), 20))
                .containsExactly(
                        change("SHIPPED@20", 10, 20, 0, 0, 0, 1),
                        change("SHIPPED@20", 20, 20, -2, -2, 0, 0),
                        change("SHIPPED@20", 30, 30, 0, 2, 2, 0));
    }

    private static StockChange change(
            String eventId, long time, long known, long onHand, long reserved, long units, long orders) {
        return new StockChange(
                StockChange.Kind.ORDER,
                "a",
                "default",
                eventId,
                time,
                known,
                onHand,
                reserved,
                units,
                orders,
                null,
                null,
                null);
    }

    @Test
    void aWaitingEventHoldsFromItsOwnTimeButIsKnownOnlyWithPlaced() {
        List<StockChange> changes = new OrderReservations(SHIPPED)
                .changes(List.of(event(SHIPPED, 5)), List.of(event(PLACED, 10, item("a", 5))), 10);

        assertThat(changes).extracting(StockChange::time).containsExactly(5L, 10L);
        assertThat(changes).extracting(StockChange::known).containsOnly(10L);
    }

    @Test
    void placedTellsCategoryAndPriceEvenWhenItDoesNotCount() {
        Item line = new Item("a", "shoes", 1, 25_000, "default");

        assertThat(all(SHIPPED, event(PLACED, 1, line))).singleElement().satisfies(change -> {
            assertThat(change.category()).isEqualTo("shoes");
            assertThat(change.unitPrice()).isEqualTo(25_000);
            assertThat(change.currency()).isEqualTo("EUR");
        });
        List<StockChange> second = new OrderReservations(SHIPPED)
                .changes(List.of(event(PLACED, 1, line)), List.of(event(PLACED, 2, line)), 2);
        assertThat(second).singleElement().satisfies(change -> {
            assertThat(change.unitPrice()).isEqualTo(25_000);
            assertThat(change.units()).isZero();
        });
    }

    @Test
    void onlyShippedOrPaidTakesUnitsOffTheShelf() {
        assertThatThrownBy(() -> new OrderReservations(PLACED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PLACED");
    }
}
