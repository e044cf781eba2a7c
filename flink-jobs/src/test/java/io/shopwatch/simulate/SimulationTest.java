package io.shopwatch.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.ShopEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final Instant NOON = Instant.parse("2026-11-11T12:00:00Z");

    @Test
    void theSameArgumentsGiveTheSameEventsOnAnyMachine() throws NoSuchAlgorithmException {
        // Fixed once, from a run of 20 s; it changes only when the simulated behaviour is changed on purpose.
        assertThat(hash(double11(1).lasting(Duration.ofSeconds(20)).atRate(100)))
                .isEqualTo("d3eb31f7e212fa5e");
    }

    @Test
    void anotherSeedGivesOtherEventsAndOtherIds() {
        Set<String> ids = ids(double11(1));

        assertThat(ids(double11(1))).isEqualTo(ids);
        assertThat(ids(double11(2))).doesNotContainAnyElementsOf(ids);
        assertThat(ids(double11(1).atRate(51))).doesNotContainAnyElementsOf(ids);
    }

    @Test
    void eventsComeInOrderOfTimeWithinTheRunAndHaveUniqueIds() {
        List<ShopEvent> events = run(double11(3).lasting(Duration.ofMinutes(10)));
        Set<String> ids = new HashSet<>();
        long last = NOON.toEpochMilli();

        for (ShopEvent event : events) {
            assertThat(event.time()).isBetween(last, NOON.toEpochMilli() + 600_000 - 1);
            assertThat(ids.add(event.eventId())).isTrue();
            last = event.time();
        }
    }

    @Test
    void theRateIsTheOneAskedForAtTheStartingHour() {
        for (double rate : new double[] {20, 100, 500}) {
            Simulation simulation =
                    new Simulation(calm().atRate(rate).lasting(Duration.ofSeconds((long) (60_000 / rate))));
            long stock = 0;
            long events = 0;
            while (simulation.hasNext()) {
                if (simulation.next().type() == EventType.COUNTED) {
                    stock++;
                }
                events++;
            }
            // At noon the curve is nearly flat for minutes; the counts at the opening come on top.
            assertThat((double) (events - stock) / 60_000)
                    .as("at %s events/s", rate)
                    .isBetween(0.88, 1.1);
        }
    }

    @Test
    void aQuietNightHasAFractionOfTheEveningsTraffic() {
        // 20:00 has 1.66 of the mean, 04:00 has 0.23: 0.23 / 1.66 = 0.14
        SimulationConfig evening = calm().atRate(50).lasting(Duration.ofHours(8).plusMinutes(10));
        SimulationConfig from20 = new SimulationConfig(
                1, Instant.parse("2026-11-11T20:00:00Z"), evening.duration(), 20, Scenario.CALM, evening.zone(), "USD");
        long first = from20.from().toEpochMilli();
        long at20 = 0;
        long at04 = 0;
        for (ShopEvent event : run(from20)) {
            if (event.stream() == EventStream.CLICKS && event.time() < first + 600_000) {
                at20++;
            } else if (event.stream() == EventStream.CLICKS && event.time() >= first + 8 * 3_600_000L) {
                at04++;
            }
        }

        assertThat((double) at04 / at20).isBetween(0.09, 0.2);
    }

    @Test
    void peopleConvertAsInOrdinaryShops() {
        List<ShopEvent> events = run(calm().atRate(500).lasting(Duration.ofMinutes(12)));

        assertThat(rate(events, EventType.VIEW_ITEM, EventType.ADD_TO_CART, any()))
                .isBetween(0.08, 0.12);
        // Orders hold some that were bought without a cart.
        assertThat(rate(events, EventType.ADD_TO_CART, EventType.PLACED, any())).isBetween(0.35, 0.5);
        assertThat(rate(events, EventType.PLACED, EventType.PAID, any())).isBetween(0.85, 0.95);
        assertThat(viewToOrder(events, device("desktop")))
                .isGreaterThan(viewToOrder(events, device("ios")) * 1.1)
                .isGreaterThan(viewToOrder(events, device("android")) * 1.3);
        assertThat(viewToOrder(events, channel("email"))).isGreaterThan(viewToOrder(events, channel("social")) * 1.5);
    }

    @Test
    void conversionsShowFromTheFirstSecondsOn() {
        List<ShopEvent> events = run(calm().lasting(Duration.ofSeconds(10)));

        assertThat(events).extracting(ShopEvent::type).contains(EventType.ADD_TO_CART, EventType.PLACED);
        assertThat(run(calm().lasting(Duration.ofSeconds(60))))
                .extracting(ShopEvent::type)
                .contains(EventType.PAID, EventType.REMOVE_FROM_CART, EventType.SEARCH, EventType.VIEW_LIST);
    }

    @Test
    void everyKindOfEventHappensWithinAQuarterOfAnHour() {
        assertThat(run(calm().lasting(Duration.ofMinutes(15))))
                .extracting(ShopEvent::type)
                .contains(EventType.values());
    }

    @Test
    void stockIsCountedFirstAndThenHardlyEverOversold() {
        Map<String, long[]> shelves = new HashMap<>();
        Map<String, List<Item>> orders = new HashMap<>();
        long worst = 0;
        long oversold = 0;
        long emptyAtFirst = 0;
        for (ShopEvent event : run(calm().lasting(Duration.ofMinutes(40)))) {
            if (event.type() == EventType.PLACED) {
                orders.put(event.orderId(), event.items());
            }
            apply(event, shelves, orders);
            if (event.time() == NOON.toEpochMilli() && event.type() == EventType.COUNTED && event.quantity() == 0) {
                emptyAtFirst++;
            }
            if (event.type() == EventType.PLACED) {
                for (Item item : event.items()) {
                    long[] shelf = shelves.get(item.sku() + "/" + item.warehouse());
                    worst = Math.min(worst, shelf[0] - shelf[1]);
                    oversold += shelf[0] < shelf[1] ? 1 : 0;
                }
            }
        }

        assertThat(shelves).hasSizeGreaterThan(2000);
        assertThat(worst).isGreaterThanOrEqualTo(-10);
        assertThat(oversold).isLessThan(orders.size() / 100);
        assertThat(shelves.values()).allSatisfy(shelf -> assertThat(shelf[0]).isNotNegative());
        assertThat(shelves.values())
                .anySatisfy(shelf -> assertThat(shelf[0] - shelf[1]).isZero());
    }

    @Test
    void theTruthNamesEveryStockOutWithItsTimes() {
        Simulation simulation = new Simulation(calm().lasting(Duration.ofMinutes(40)));
        Map<String, long[]> shelves = new HashMap<>();
        Map<String, List<Item>> orders = new HashMap<>();
        List<String> ranOut = new ArrayList<>();
        while (simulation.hasNext()) {
            ShopEvent event = simulation.next();
            if (event.type() == EventType.PLACED) {
                orders.put(event.orderId(), event.items());
            }
            Map<String, Boolean> before = new HashMap<>();
            shelvesOf(event, orders).forEach(key -> before.put(key, has(shelves.get(key))));
            apply(event, shelves, orders);
            before.forEach((key, had) -> {
                if (had && !has(shelves.get(key))) {
                    ranOut.add(key + "@" + event.time());
                }
            });
        }

        assertThat(simulation.truth().stream()
                        .filter(incident -> incident.kind().equals("stock_out"))
                        .map(incident -> incident.value().replace("@", "/") + "@" + incident.start()))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(ranOut);
    }

    @Test
    void refusesARateOrDurationThatMeansNothing() {
        assertThatThrownBy(() -> calm().atRate(0)).hasMessageContaining("rate must be above 0");
        assertThatThrownBy(() -> calm().atRate(Double.NaN)).hasMessageContaining("not NaN");
        assertThatThrownBy(() -> calm().lasting(Duration.ZERO)).hasMessageContaining("duration must be at least 1 ms");
    }

    @Test
    void endsWithTheLastEventOfItsDuration() {
        Simulation simulation = new Simulation(calm().lasting(Duration.ofMillis(1)));
        while (simulation.hasNext()) {
            simulation.next();
        }

        assertThat(simulation.hasNext()).isFalse();
        assertThatThrownBy(simulation::next).isInstanceOf(NoSuchElementException.class);
    }

    private static boolean has(long[] shelf) {
        return shelf != null && shelf[0] > shelf[1];
    }

    private static List<String> shelvesOf(ShopEvent event, Map<String, List<Item>> orders) {
        if (event.stream() == EventStream.STOCK) {
            return List.of(event.sku() + "/" + event.warehouse());
        }
        if (event.stream() != EventStream.ORDERS) {
            return List.of();
        }
        return orders.get(event.orderId()).stream()
                .map(item -> item.sku() + "/" + item.warehouse())
                .toList();
    }

    /** On-hand and reserved units by shelf, after the event. */
    private static void apply(ShopEvent event, Map<String, long[]> shelves, Map<String, List<Item>> orders) {
        if (event.stream() == EventStream.STOCK) {
            long[] shelf = shelves.computeIfAbsent(event.sku() + "/" + event.warehouse(), key -> new long[2]);
            shelf[0] = event.type() == EventType.COUNTED ? event.quantity() : shelf[0] + event.quantity();
        } else if (event.stream() == EventStream.ORDERS) {
            List<Item> items = event.items() == null ? orders.get(event.orderId()) : event.items();
            for (Item item : items) {
                long[] shelf = shelves.get(item.sku() + "/" + item.warehouse());
                switch (event.type()) {
                    case PLACED -> shelf[1] += item.quantity();
                    case CANCELLED -> shelf[1] -= item.quantity();
                    case SHIPPED -> {
                        shelf[0] -= item.quantity();
                        shelf[1] -= item.quantity();
                    }
                    case REFUNDED -> shelf[0] += event.restock() ? item.quantity() : 0;
                    default -> {}
                }
            }
        }
    }

    private static double viewToOrder(List<ShopEvent> events, Predicate<ShopEvent> which) {
        return rate(events, EventType.VIEW_ITEM, EventType.PLACED, which);
    }

    /** Visitors of one type of event per visitor of another. */
    static double rate(List<ShopEvent> events, EventType from, EventType to, Predicate<ShopEvent> which) {
        return (double) visitors(events, to, which) / visitors(events, from, which);
    }

    static long visitors(List<ShopEvent> events, EventType type, Predicate<ShopEvent> which) {
        return events.stream()
                .filter(event -> event.type() == type)
                .filter(which)
                .map(ShopEvent::visitorId)
                .distinct()
                .count();
    }

    static Predicate<ShopEvent> any() {
        return event -> true;
    }

    static Predicate<ShopEvent> device(String device) {
        return event -> device.equals(event.device());
    }

    static Predicate<ShopEvent> channel(String channel) {
        return event -> channel.equals(event.channel());
    }

    private static SimulationConfig calm() {
        return SimulationConfig.of(NOON, Scenario.CALM).seeded(7);
    }

    private static SimulationConfig double11(long seed) {
        return SimulationConfig.of(NOON, Scenario.DOUBLE11)
                .seeded(seed)
                .atRate(50)
                .lasting(Duration.ofSeconds(10));
    }

    static List<ShopEvent> run(SimulationConfig config) {
        List<ShopEvent> events = new ArrayList<>();
        new Simulation(config).forEachRemaining(events::add);
        return events;
    }

    private static Set<String> ids(SimulationConfig config) {
        Set<String> ids = new HashSet<>();
        run(config).forEach(event -> ids.add(event.eventId()));
        return ids;
    }

    private static String hash(SimulationConfig config) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        run(config).forEach(event -> digest.update(event.toString().getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    }
}
