package io.shopwatch.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shopwatch.detection.SimulatedShop.Fault;
import io.shopwatch.detection.SimulatedShop.Series;
import io.shopwatch.detection.SimulatedShop.Tide;
import io.shopwatch.domain.alert.Cause;
import io.shopwatch.domain.alert.ConversionSeries;
import io.shopwatch.domain.alert.ConversionWatch;
import io.shopwatch.domain.alert.StockOutages;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The conversion rule over a simulated shop: when it speaks, when it is silent, and what it says. */
class ConversionWatchTest {
    private static final long HOUR = 3600;

    private final StockOutages stock = new StockOutages();
    private long baselineHours = 1;
    private double minutesOfLooking = 1;
    private long untrustedFrom = Long.MAX_VALUE;
    private long untrustedUntil = Long.MAX_VALUE;
    private List<ConversionSeries> series;

    private List<ConversionWatch.Event> run(SimulatedShop shop, long hours) {
        ConversionWatch watch = new ConversionWatch(new ConversionWatch.Settings(
                2, 30.0, 1, 1, SimulatedShop.TICK, 3, 6, baselineHours * HOUR * 1000, 0, 0, HOUR * 1000));
        series = new ArrayList<>();
        for (Series s : shop.series()) {
            series.add(watch.newSeries(s.transition(), s.segment(), s.value()));
        }
        List<ConversionWatch.Event> events = new ArrayList<>();
        while (shop.seconds() < hours * HOUR) {
            shop.advance();
            long now = shop.seconds();
            boolean trusted = now < untrustedFrom || now >= untrustedUntil;
            for (int i = 0; i < series.size(); i++) {
                watch.sample(series.get(i), series, now * 1000, lookedAt(shop, i), trusted);
            }
            events.addAll(watch.evaluate(series, now * 1000, t -> trusted, stock, ms -> ms / 60_000 + " min"));
        }
        return events;
    }

    /** The shop's visitors look within one minute only; those who look for longer are counted in each. */
    private ConversionWatch.Sample lookedAt(SimulatedShop shop, int index) {
        ConversionWatch.Sample sample = shop.sample(index);
        return shop.series().get(index).transition().fromIndex() > 0
                ? sample
                : new ConversionWatch.Sample(
                        sample.entries() * minutesOfLooking,
                        sample.conversions(),
                        sample.windowEntries(),
                        sample.windowConversions());
    }

    private static Tide steady(double rate) {
        return seconds -> rate;
    }

    @Test
    void oneOutageIsOneIncidentThatNamesTheChannelAndResolves() {
        Fault fault = new Fault(0, "search", null, 0.4, 4 * HOUR, 5 * HOUR);
        List<ConversionWatch.Event> events = run(new SimulatedShop(1, steady(40), List.of(fault)), 7);
        assertThat(events).hasSize(2);
        ConversionWatch.Event fired = events.get(0);
        ConversionWatch.Event resolved = events.get(1);
        assertThat(fired.firing()).isTrue();
        assertThat(fired.series().from).isEqualTo("view");
        // Where it sits, or everybody with the channel as the cause
        if (fired.series().segment.equals("all")) {
            assertThat(fired.causes().get(0))
                    .extracting(Cause::segment, Cause::value)
                    .containsExactly("channel", "search");
        } else {
            assertThat(fired.series().value).isEqualTo("search");
        }
        assertThat(fired.at()).isBetween((4 * HOUR + 20) * 1000, (4 * HOUR + 300) * 1000);
        assertThat(fired.startsAt()).isCloseTo(4 * HOUR * 1000, within(180_000L));
        assertThat(resolved.firing()).isFalse();
        assertThat(resolved.startsAt()).isEqualTo(fired.startsAt());
        assertThat(resolved.endsAt()).isBetween(5 * HOUR * 1000, (5 * HOUR + 1200) * 1000);
    }

    @Test
    void aDropIsAsLargeAsTheWindowShowsItNotAsTheMinutesWithinDo() {
        minutesOfLooking = 1.9;
        // 10 % → 7.5 %, by minutes of looking 5.3 → 3.9
        Fault fault = new Fault(0, null, null, 0.75, 4 * HOUR, 12 * HOUR);
        List<ConversionWatch.Event> events = run(new SimulatedShop(13, steady(40), List.of(fault)), 5);
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.series().segment).isEqualTo("all");
            assertThat(event.at()).isBetween(4 * HOUR * 1000, (4 * HOUR + 600) * 1000);
        });
    }

    @Test
    void theOutageNeverBecomesNormal() {
        Fault fault = new Fault(1, null, null, 0.5, 4 * HOUR, 12 * HOUR);
        List<ConversionWatch.Event> events = run(new SimulatedShop(2, steady(40), List.of(fault)), 11);
        // Seven hours into it, with a baseline of one hour, it is still open
        assertThat(events).hasSize(1);
        assertThat(events.get(0).series().from).isEqualTo("cart");
        assertThat(events.get(0).series().segment).isEqualTo("all");
    }

    @Test
    void aSkuThatRanOutIsNamedWithItsShare() {
        // 40/s · 10 % = 4 carts/s = 14,400 an hour, of which 60 % go: 8,640 are missing
        Fault fault = new Fault(0, null, null, 0.4, 4 * HOUR, 12 * HOUR);
        stock.note("SKU-17", true, 4 * HOUR * 1000 - 30_000, 6_800);
        List<ConversionWatch.Event> events = run(new SimulatedShop(3, steady(40), List.of(fault)), 5);
        Cause cause = events.get(0).causes().get(0);
        assertThat(cause.value()).isEqualTo("SKU-17");
        assertThat(cause.detail()).isEqualTo("out of stock since 239 min");
        assertThat(cause.share()).isBetween(0.6, 1.0);
    }

    @Test
    void aTripledCrowdThatBehavesAsEverIsNoDrop() {
        Tide surge = seconds -> seconds > 5 * HOUR && seconds < 6 * HOUR ? 90 : 30;
        assertThat(run(new SimulatedShop(4, surge, List.of()), 8)).isEmpty();
    }

    @Test
    void botsThatOnlyLookAreNoDrop() {
        assertThat(run(new SimulatedShop(5, steady(30), List.of(), 60, 5 * HOUR), 8))
                .isEmpty();
    }

    @Test
    void theFirstHoursOfAShopRaiseNoAlarm() {
        for (int seed = 100; seed < 120; seed++) {
            assertThat(run(new SimulatedShop(seed, steady(seed % 2 == 0 ? 4 : 40), List.of()), 3))
                    .isEmpty();
        }
    }

    @Test
    void anOutageWithinTheFirstHourIsFoundAndOverWhenItEnds() {
        Fault fault = new Fault(2, null, null, 0.1, 1800, 2 * HOUR);
        List<ConversionWatch.Event> events = run(new SimulatedShop(6, steady(40), List.of(fault)), 4);
        assertThat(events).hasSize(2);
        assertThat(events.get(0).at()).isBetween(1_800_000L, 1_800_000L + 300_000);
        assertThat(events.get(0).startsAt()).isCloseTo(1_800_000L, within(180_000L));
        assertThat(events.get(1).endsAt()).isBetween(2 * HOUR * 1000, 2 * HOUR * 1000 + 1_200_000);
    }

    @Test
    void aDropThatTakesAnHourToShowIsOneIncidentHoweverLongItLasts() {
        baselineHours = 6;
        // 3 visitors/s · 40 % · 10 % = 7 carts a minute; a third of them go
        Fault fault = new Fault(0, "search", null, 0.67, 7 * HOUR, 15 * HOUR);
        List<ConversionWatch.Event> events = run(new SimulatedShop(12, steady(3), List.of(fault)), 12);
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.firing()).isTrue();
            assertThat(event.at()).isBetween(7 * HOUR * 1000, 9 * HOUR * 1000);
            assertThat(event.startsAt()).isCloseTo(7 * HOUR * 1000, within(2_400_000L));
        });
    }

    @Test
    void anEmptyNightAndTheMorningAfterAreNoDrop() {
        Tide shopHours = seconds -> {
            double hour = seconds / 3600.0 % 24;
            return hour < 6 ? 0 : 20 * Math.sin(Math.PI * (hour - 6) / 18);
        };
        assertThat(run(new SimulatedShop(7, shopHours, List.of()), 48)).isEmpty();
    }

    @Test
    void aTrackerOutageIsNoDropNeitherWhileItLastsNorAfter() {
        untrustedFrom = 5 * HOUR;
        untrustedUntil = 5 * HOUR + 1200;
        Fault blind = new Fault(0, null, null, 0, 5 * HOUR, 5 * HOUR + 1200);
        assertThat(run(new SimulatedShop(8, steady(40), List.of(blind)), 8)).isEmpty();
    }

    @Test
    void aReplayRaisesTheVerySameIncidents() {
        Fault fault = new Fault(2, null, "mobile", 0.3, 4 * HOUR, 5 * HOUR);
        List<String> first = told(run(new SimulatedShop(9, steady(60), List.of(fault)), 7));
        List<String> second = told(run(new SimulatedShop(9, steady(60), List.of(fault)), 7));
        assertThat(first).isNotEmpty().isEqualTo(second);
    }

    private static List<String> told(List<ConversionWatch.Event> events) {
        return events.stream()
                .map(e -> e.series().from
                        + e.series().to
                        + e.series().segment
                        + e.series().value
                        + e.firing()
                        + e.at()
                        + e.startsAt()
                        + e.causes())
                .toList();
    }
}
