package io.shopwatch.job.sales;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventOrder;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Outcome;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.oracle.RandomShop;
import io.shopwatch.oracle.SalesOracle;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.SalesResult;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SalesOperatorsTest {
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long NOON = Instant.parse("2026-11-11T12:00:00Z").toEpochMilli();
    private static final Settings SETTINGS = Settings.defaults();

    /** In Berlin clocks went back at 03:00 on 25 October 2026: a day of 25 hours, which begins at 22:00 UTC. */
    private static final Settings BERLIN = in(ZoneId.of("Europe/Berlin"));

    private static final long BERLIN_MIDNIGHT =
            Instant.parse("2026-10-24T22:00:00Z").toEpochMilli();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void agreesWithBruteForceAtEveryEndWhateverTheOrderOfArrival(long seed) throws Exception {
        Random random = new Random(seed);
        // sometimes over the beginning, sometimes over the end of the long day
        long from = BERLIN_MIDNIGHT - HOUR + (seed % 2) * 25 * HOUR;
        List<ShopEvent> events = RandomShop.events(random, from, 3 * HOUR, 50);
        SalesOracle oracle = SalesOracle.of(BERLIN, events);

        try (SalesRun run = new SalesRun(BERLIN)) {
            run.sendAll(RandomShop.shuffled(random, events, SECOND), SECOND);
            long last = from + 8 * HOUR;
            run.reach(last);

            oracle.assertAgrees(run.rows(), ends(random, events, from, last));
            assertEveryEventIsCountedOnce(run, events);
            assertNoRowRepeatsItself(run.rows());
        }
    }

    /** Ends anywhere, around midnight, and just before and after something happens or leaves a window. */
    private static long[] ends(Random random, List<ShopEvent> events, long from, long last) {
        long[] lengths = {0, MINUTE, 5 * MINUTE, 30 * MINUTE, HOUR};
        LongStream.Builder ends = LongStream.builder();
        for (int i = 0; i < 40; i++) {
            ends.add(from + SECOND * random.nextLong((last - from) / SECOND));
            long time = events.get(random.nextInt(events.size())).time();
            ends.add(Math.floorDiv(time, SECOND) * SECOND
                    + lengths[random.nextInt(lengths.length)]
                    + SECOND * random.nextInt(2));
        }
        for (long midnight : new long[] {BERLIN_MIDNIGHT, BERLIN_MIDNIGHT + 25 * HOUR}) {
            ends.add(midnight).add(midnight + SECOND);
        }
        return ends.build().filter(end -> end >= from && end <= last).toArray();
    }

    @Test
    void everythingIsForgottenInTheEndAndTheLastRowsAreZero() throws Exception {
        List<ShopEvent> events = RandomShop.events(new Random(11), NOON, 3 * HOUR, 50);
        try (SalesRun run = new SalesRun(SETTINGS)) {
            run.sendAll(events, SECOND);
            assertThat(run.kept()).isPositive();
            run.reach(NOON + 2 * DAY);
            Map<String, SalesResult> newest = new HashMap<>();
            run.rows().forEach(row -> newest.put(row.key(), row));
            assertThat(newest.values()).allMatch(SalesOracle::isZero);
            run.reach(NOON + 32 * DAY);
            assertThat(run.kept()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void aRestartFromACheckpointChangesNothing(long seed) throws Exception {
        Random random = new Random(seed);
        List<ShopEvent> events =
                RandomShop.shuffled(random, RandomShop.events(random, BERLIN_MIDNIGHT - HOUR, 3 * HOUR, 40), SECOND);
        List<SalesResult> whole;
        try (SalesRun run = new SalesRun(BERLIN)) {
            run.sendAll(events, SECOND);
            run.reach(BERLIN_MIDNIGHT + 6 * HOUR);
            whole = run.rows();
        }
        try (SalesRun run = new SalesRun(BERLIN)) {
            int from = 0;
            for (int i = 1; i <= 4; i++) {
                int to = events.size() * i / 4;
                run.sendAll(events.subList(from, to), SECOND);
                run.restart();
                from = to;
            }
            run.reach(BERLIN_MIDNIGHT + 6 * HOUR);
            assertThat(run.rows()).isEqualTo(whole);
            assertEveryEventIsCountedOnce(run, events);
        }
    }

    @Test
    void whatWasLateBeforeARestartIsLateAfterIt() throws Exception {
        try (SalesRun run = new SalesRun(SETTINGS)) {
            run.send(click("e1", NOON));
            run.reach(NOON + MINUTE);
            run.restart();
            run.send(ShopEvent.builder(EventType.VIEW_ITEM, "e2", NOON + SECOND)
                    .visitor("w")
                    .build());
            run.reach(NOON + 2 * MINUTE);
            assertThat(run.tally(EventStream.CLICKS, Outcome.LATE)).isOne();
            assertThat(newest(run, "1h|all|all|USD").visitors()).isOne();
            assertThat(newest(run, "today|all|all|USD").visitors()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33, 34})
    void lateEventsShowInTheDayAndNowhereElse(long seed) throws Exception {
        Random random = new Random(seed);
        List<ShopEvent> inTime = new ArrayList<>();
        List<ShopEvent> late = new ArrayList<>();
        for (ShopEvent event : RandomShop.events(random, NOON, 3 * HOUR, 60)) {
            boolean visit = event.stream() != EventStream.ORDERS;
            if (visit && random.nextInt(4) == 0) {
                late.add(event);
            } else if (visit || Integer.parseInt(event.orderId().substring(1)) % 3 > 0) {
                inTime.add(event);
            } else {
                late.add(event);
            }
        }
        late.sort(EventOrder.IN_TIME);
        SalesOracle oracle = SalesOracle.of(SETTINGS, inTime, late);
        Deque<ShopEvent> waiting = new ArrayDeque<>(late);

        try (SalesRun run = new SalesRun(SETTINGS)) {
            for (ShopEvent event : inTime) {
                run.sendAll(List.of(event), SECOND);
                // in order of time: which payment of an order came first must not depend on the dice
                while (!waiting.isEmpty()
                        && waiting.peek().time() < event.time() - 5 * MINUTE
                        && random.nextInt(4) > 0) {
                    run.send(waiting.poll());
                }
            }
            run.reach(NOON + 7 * HOUR);
            for (ShopEvent straggler : waiting) {
                run.send(straggler);
            }
            run.reach(NOON + 7 * HOUR + SECOND);

            oracle.assertAgrees(run.rows(), NOON + 7 * HOUR + SECOND);
            List<SalesResult> sliding = run.rows().stream()
                    .filter(row -> !row.window().equals("today"))
                    .toList();
            try (SalesRun without = new SalesRun(SETTINGS)) {
                without.sendAll(inTime, SECOND);
                without.reach(NOON + 7 * HOUR + SECOND);
                // a currency that only late orders bring has rows of its own; all others are as if nothing had come
                // late
                assertThat(sliding.stream().filter(row -> row.currency().equals("USD")))
                        .containsExactlyElementsOf(without.rows().stream()
                                .filter(row -> !row.window().equals("today")
                                        && row.currency().equals("USD"))
                                .toList());
                assertThat(run.tally(EventStream.CLICKS, Outcome.LATE)).isPositive();
                assertThat(run.tally(EventStream.ORDERS, Outcome.LATE)).isPositive();
            }
            List<ShopEvent> all = new ArrayList<>(inTime);
            all.addAll(late);
            assertEveryEventIsCountedOnce(run, all);
            run.reach(NOON + 33 * DAY);
            assertThat(run.kept()).isZero();
        }
    }

    @Test
    void aCurrencyHasRowsInEveryWindowWhileItIsSeenToday() throws Exception {
        try (SalesRun run = new SalesRun(SETTINGS)) {
            run.send(paid("e1", NOON, "EUR"));
            run.send(click("e2", NOON + 10 * MINUTE));
            run.reach(NOON + 11 * MINUTE);
            SalesResult row = newest(run, "1m|all|all|EUR");
            assertThat(row.end()).isEqualTo(NOON + 10 * MINUTE + SECOND);
            assertThat(row.visitors()).isOne();
            assertThat(row.ordersPaid()).isZero();
            assertThat(newest(run, "5m|all|all|EUR").gmvPaid()).isEqualTo("0");
            assertThat(newest(run, "1h|all|all|EUR").gmvPaid()).isEqualTo("0.02");
            assertThat(newest(run, "1h|all|all|USD").buyersAnyCurrency()).isOne();
            assertThat(newest(run, "1h|all|all|USD").buyers()).isZero();

            run.send(click("e3", NOON + 12 * HOUR));
            run.reach(NOON + 12 * HOUR + SECOND);
            // the new day knows no euro: its rows end with zeros, the dollar's count the visitor
            assertThat(newest(run, "today|all|all|EUR")).matches(SalesOracle::isZero);
            assertThat(newest(run, "1m|all|all|EUR")).matches(SalesOracle::isZero);
            assertThat(newest(run, "1m|all|all|USD").visitors()).isOne();
        }
    }

    @Test
    void aRowSaysItsEndAsItsWatermarkWhateverTheRun() throws Exception {
        try (SalesRun run = new SalesRun(SETTINGS)) {
            run.send(click("e1", NOON));
            run.reach(NOON + 3 * HOUR);
            assertThat(run.rows()).isNotEmpty().allMatch(row -> row.watermark() == row.end());
        }
    }

    @Test
    void theLastWatermarkOfABoundedRunIsNoTime() throws Exception {
        try (SalesRun run = new SalesRun(SETTINGS)) {
            run.send(click("e1", NOON));
            run.reach(NOON + SECOND - 1);
            List<SalesResult> before = List.copyOf(run.rows());
            run.send(click("e2", NOON + 2 * MINUTE));
            run.reach(Long.MAX_VALUE);
            assertThat(run.rows()).isEqualTo(before).hasSize(24);
        }
    }

    private static void assertEveryEventIsCountedOnce(SalesRun run, List<ShopEvent> events) {
        for (EventStream stream : List.of(EventStream.CLICKS, EventStream.CARTS, EventStream.ORDERS)) {
            long read =
                    events.stream().filter(event -> event.stream() == stream).count();
            assertThat(run.tally(stream, Outcome.ACCEPTED)
                            + run.tally(stream, Outcome.LATE)
                            + run.tally(stream, Outcome.DUPLICATE))
                    .as("accepted + late + duplicate of %s", stream)
                    .isEqualTo(read);
        }
        assertThat(run.tally(EventStream.ORDERS, Outcome.DUPLICATE)).isPositive();
    }

    private static void assertNoRowRepeatsItself(List<SalesResult> rows) {
        Map<String, SalesResult> newest = new HashMap<>();
        for (SalesResult row : rows) {
            SalesResult before = newest.put(row.key(), row);
            if (before == null) {
                assertThat(row).matches(first -> !SalesOracle.isZero(first), "a first row says something");
            } else {
                assertThat(SalesOracle.at(before, row.end())).isNotEqualTo(row);
                assertThat(before.end()).isLessThan(row.end());
            }
        }
    }

    private static SalesResult newest(SalesRun run, String key) {
        return run.rows().stream()
                .filter(row -> row.key().equals(key))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static ShopEvent click(String id, long time) {
        return ShopEvent.builder(EventType.VIEW_ITEM, id, time).visitor("v").build();
    }

    private static ShopEvent paid(String id, long time, String currency) {
        return ShopEvent.builder(EventType.PAID, id, time)
                .visitor("v")
                .order("o")
                .items(List.of(new Item("s", "c", 2, 100, "default")))
                .currency(currency)
                .build();
    }

    private static Settings in(ZoneId zone) {
        Settings d = Settings.defaults();
        return new Settings(
                new Settings.Shop(zone, "USD"),
                d.kafka(),
                d.events(),
                d.orders(),
                d.funnels(),
                d.inventory(),
                d.promotions(),
                d.metrics(),
                d.serve(),
                d.flink(),
                d.receivers(),
                d.links());
    }
}
