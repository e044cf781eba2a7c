package io.shopwatch.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.detection.SimulatedShop.Tide;
import io.shopwatch.domain.alert.Cause;
import io.shopwatch.domain.alert.ConversionSeries;
import io.shopwatch.domain.alert.ConversionWatch;
import io.shopwatch.domain.alert.ExcessWatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules on too many visitors over a simulated shop. */
class ExcessWatchTest {
    private static final long HOUR = 3600;

    private static List<ConversionWatch.Event> run(SimulatedShop shop, long hours) {
        ExcessWatch watch = new ExcessWatch(
                new ConversionWatch.Settings(0, null, 0, 0.2, SimulatedShop.TICK, 3, 6, HOUR * 1000, 0, 0, HOUR * 1000),
                2,
                0,
                5,
                false);
        List<ConversionSeries> series = new ArrayList<>();
        // The first eight series are those of view → cart: all, four channels, three devices
        for (SimulatedShop.Series one : shop.series().subList(0, 8)) {
            series.add(watch.newSeries(one.segment(), one.value()));
        }
        List<ConversionWatch.Event> events = new ArrayList<>();
        while (shop.seconds() < hours * HOUR) {
            shop.advance();
            long end = shop.seconds() * 1000;
            for (int i = 0; i < series.size(); i++) {
                watch.sample(series.get(i), end, shop.sample(i).entries(), 0, true);
            }
            events.addAll(watch.evaluate(series, end));
        }
        return events;
    }

    @Test
    void aFloodOfBotsIsATrafficSurgeThatNamesItsChannel() {
        List<ConversionWatch.Event> events = run(new SimulatedShop(5, seconds -> 30, List.of(), 60, 3 * HOUR), 4);
        assertThat(events).isNotEmpty();
        ConversionWatch.Event first = events.get(0);
        boolean named = first.series().value.equals("direct")
                || first.series().value.equals("desktop")
                || first.causes().stream().map(Cause::value).toList().contains("direct");
        assertThat(named).isTrue();
        assertThat(first.at()).isBetween(3 * HOUR * 1000, (3 * HOUR + 120) * 1000);
    }

    @Test
    void theDailyTideIsNoSurge() {
        Tide tide = SimulatedShop.daily(20);
        assertThat(run(new SimulatedShop(6, tide, List.of()), 48)).isEmpty();
    }
}
