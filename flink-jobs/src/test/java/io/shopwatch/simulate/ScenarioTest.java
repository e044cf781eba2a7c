package io.shopwatch.simulate;

import static io.shopwatch.simulate.SimulationTest.any;
import static io.shopwatch.simulate.SimulationTest.device;
import static io.shopwatch.simulate.SimulationTest.rate;
import static io.shopwatch.simulate.SimulationTest.visitors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.simulate.Scenario.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each scenario's truth says can be seen in its events. */
class ScenarioTest {
    private static final Instant FROM = Instant.parse("2026-11-11T12:00:00Z");
    private static final Duration LENGTH = Duration.ofMinutes(12);

    /** Events before, during and after the incident, each for as long as the incident lasts at most. */
    private record Run(
            List<ShopEvent> before,
            List<ShopEvent> during,
            List<ShopEvent> after,
            Incident incident,
            List<Incident> truth) {
        static Run of(Scenario scenario, String kind) {
            Simulation simulation = new Simulation(
                    SimulationConfig.of(FROM, scenario).atRate(300).lasting(LENGTH));
            List<ShopEvent> events = new ArrayList<>();
            simulation.forEachRemaining(events::add);
            Incident incident = simulation.truth().stream()
                    .filter(candidate -> candidate.kind().equals(kind))
                    .findFirst()
                    .orElseThrow();
            long length = incident.end() - incident.start();
            return new Run(
                    between(events, incident.start() - length, incident.start()),
                    between(events, incident.start(), incident.end()),
                    between(events, incident.end(), incident.end() + length),
                    incident,
                    simulation.truth());
        }

        Incident other(String kind) {
            return truth.stream()
                    .filter(candidate -> candidate.kind().equals(kind))
                    .findFirst()
                    .orElseThrow();
        }

        private static List<ShopEvent> between(List<ShopEvent> events, long from, long to) {
            return events.stream()
                    .filter(event -> event.type() != EventType.COUNTED)
                    .filter(event -> event.time() >= from && event.time() < to)
                    .toList();
        }

        double perSecond(List<ShopEvent> events, EventStream stream) {
            long first = events.get(0).time();
            long last = events.get(events.size() - 1).time();
            return events.stream().filter(event -> event.stream() == stream).count() * 1000.0 / (last - first);
        }
    }

    @Test
    void inAPaymentOutageOrdersArePlacedAndNotPaid() {
        Run run = Run.of(Scenario.PAYMENT_OUTAGE, "conversion_drop");

        assertThat(rate(run.before(), EventType.PLACED, EventType.PAID, any())).isGreaterThan(0.75);
        assertThat(rate(run.during(), EventType.PLACED, EventType.PAID, any())).isLessThan(0.15);
        assertThat(rate(run.after(), EventType.PLACED, EventType.PAID, any())).isGreaterThan(0.75);
        assertThat(run.incident().funnel()).isEqualTo("purchase");
        assertThat(run.incident().transition()).isEqualTo("order>pay");
        assertThat(run.other("unpaid_orders").start()).isEqualTo(run.incident().start());
    }

    @Test
    void theIosBugStopsOrdersOfThatDeviceOnly() {
        Run run = Run.of(Scenario.IOS_CHECKOUT_BUG, "conversion_drop");

        assertThat(rate(run.before(), EventType.ADD_TO_CART, EventType.PLACED, device("ios")))
                .isGreaterThan(0.33);
        assertThat(rate(run.during(), EventType.ADD_TO_CART, EventType.PLACED, device("ios")))
                .isLessThan(0.22);
        assertThat(rate(run.during(), EventType.ADD_TO_CART, EventType.PLACED, device("desktop")))
                .isGreaterThan(0.38);
        assertThat(run.incident().segment()).isEqualTo("device");
        assertThat(run.incident().value()).isEqualTo("ios");
    }

    @Test
    void whenTheHotSkuIsGoneFewerLooksEndInTheCart() {
        Run run = Run.of(Scenario.HOT_SKU_SELLS_OUT, "conversion_drop");
        Incident stockOut = run.other("stock_out");

        double before = rate(run.before(), EventType.VIEW_ITEM, EventType.ADD_TO_CART, any());
        double during = rate(run.during(), EventType.VIEW_ITEM, EventType.ADD_TO_CART, any());
        assertThat(before - during).isGreaterThan(0.02);
        assertThat(run.incident().detail()).startsWith("SKU-");
        assertThat(stockOut.start()).isLessThan(stockOut.end());
    }

    @Test
    void aFlashSaleTriplesTheVisitorsAndHardlyChangesWhatTheyDo() {
        Run run = Run.of(Scenario.FLASH_SALE, "traffic_surge");

        double before = visitors(run.before(), EventType.VIEW_ITEM, any());
        assertThat(visitors(run.during(), EventType.VIEW_ITEM, any()) / before).isBetween(2.3, 3.3);
        // Over all visits that began in the sale; a little more for promoted SKUs, a little less while visits last.
        assertThat(rate(run.during(), EventType.VIEW_ITEM, EventType.ADD_TO_CART, any()))
                .isBetween(
                        rate(run.before(), EventType.VIEW_ITEM, EventType.ADD_TO_CART, any()) * 0.85,
                        rate(run.before(), EventType.VIEW_ITEM, EventType.ADD_TO_CART, any()) * 1.25);
    }

    @Test
    void inATrackerOutageClicksStopAndOrdersGoOn() {
        Run run = Run.of(Scenario.TRACKER_OUTAGE, "no_data");

        assertThat(run.during()).noneMatch(event -> event.stream() == EventStream.CLICKS);
        assertThat(run.perSecond(run.during(), EventStream.ORDERS))
                .isGreaterThan(run.perSecond(run.before(), EventStream.ORDERS) * 0.6);
        assertThat(run.incident().value()).isEqualTo("clicks");
    }

    @Test
    void botsLookAndNeverBuy() {
        Run run = Run.of(Scenario.BOT_FLOOD, "traffic_surge");

        assertThat(run.during().stream().filter(event -> event.visitorId() != null && isBot(event)))
                .isNotEmpty()
                .allMatch(event -> event.type() == EventType.VIEW_ITEM);
        assertThat((double) visitors(run.during(), EventType.VIEW_ITEM, any())
                        / visitors(run.before(), EventType.VIEW_ITEM, any()))
                .isGreaterThan(2.5);
        assertThat(run.perSecond(run.during(), EventStream.CARTS))
                .isBetween(
                        run.perSecond(run.before(), EventStream.CARTS) * 0.7,
                        run.perSecond(run.before(), EventStream.CARTS) * 1.4);
    }

    @Test
    void brushersOrderWithoutALook() {
        Run run = Run.of(Scenario.BRUSHING, "order_burst");

        long placedBefore = placed(run.before());
        assertThat(placed(run.during())).isGreaterThan(placedBefore * 2);
        assertThat(run.perSecond(run.during(), EventStream.CLICKS))
                .isLessThan(run.perSecond(run.before(), EventStream.CLICKS) * 1.2);
    }

    @Test
    void theElevenOfNovemberHasThemAll() {
        Simulation simulation =
                new Simulation(SimulationConfig.of(FROM, Scenario.DOUBLE11).lasting(Duration.ofMinutes(30)));
        simulation.forEachRemaining(event -> {});

        assertThat(simulation.truth())
                .extracting(Incident::kind)
                .contains(
                        "traffic_surge", //
                        "stock_out",
                        "conversion_drop",
                        "unpaid_orders",
                        "no_data",
                        "order_burst");
        assertThat(simulation.truth())
                .filteredOn(incident -> incident.kind().equals("conversion_drop"))
                .extracting(Incident::transition)
                .containsExactly("view>cart", "order>pay", "cart>order");
    }

    @Test
    void aCalmShopHasStockOutsAndNothingElse() {
        Simulation simulation =
                new Simulation(SimulationConfig.of(FROM, Scenario.CALM).lasting(Duration.ofMinutes(20)));
        simulation.forEachRemaining(event -> {});

        assertThat(simulation.truth()).extracting(Incident::kind).isSubsetOf("stock_out", "oversell");
    }

    @Test
    void endlessRunsRepeatTheirIncidents() {
        Simulation simulation = new Simulation(
                SimulationConfig.of(FROM, Scenario.TRACKER_OUTAGE).atRate(5));
        long hours = FROM.toEpochMilli() + Duration.ofHours(2).toMillis();
        while (simulation.next().time() < hours) {
            assertThat(simulation.hasNext()).isTrue();
        }

        assertThat(simulation.truth().stream()
                        .filter(incident -> incident.kind().equals("no_data")))
                .extracting(incident -> (incident.start() - FROM.toEpochMilli()) / 60_000)
                .containsExactly(2L, 32L, 62L, 92L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000, 30_000, 90_000, 600_000, 3_600_000, 86_400_000, 2_419_200_000L})
    void phasesLieWithinTheRunAndDoNotOverlap(long duration) {
        for (Scenario scenario : Scenario.values()) {
            long last = 0;
            for (Phase phase : scenario.phases(duration)) {
                assertThat(phase.start()).isGreaterThanOrEqualTo(last);
                assertThat(phase.end()).isBetween(phase.start(), duration);
                last = phase.end();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Scenario.class,
            names = {"CALM"},
            mode = EnumSource.Mode.EXCLUDE)
    void theFirstIncidentOfADemoComesAfterTwoMinutes(Scenario scenario) {
        // Endless, and ten minutes but for the mixed one, whose first phase begins at 7 % of any length.
        assertThat(scenario.phases(0).get(0).start()).isBetween(120_000L, 126_000L);
        assertThat(scenario.phases(600_000).get(0).start()).isLessThanOrEqualTo(120_000L);
    }

    @Test
    void scenariosAreKnownByTheirNames() {
        assertThat(Scenario.ofWireName("ios-checkout-bug")).isEqualTo(Scenario.IOS_CHECKOUT_BUG);
        assertThatThrownBy(() -> Scenario.ofWireName("nope"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no scenario nope; expected one of calm, payment-outage");
    }

    private static boolean isBot(ShopEvent event) {
        return event.visitorId().startsWith("bot-");
    }

    private static long placed(List<ShopEvent> events) {
        return events.stream().filter(event -> event.type() == EventType.PLACED).count();
    }
}
