package io.shopwatch.job.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Outcome;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.inventory.InventoryOracle;
import io.shopwatch.domain.inventory.InventoryOracle.Place;
import io.shopwatch.settings.Settings;
import io.shopwatch.settings.Settings.CommitOn;
import io.shopwatch.wire.InventoryResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random event sets, in random arrival, against the brute-force oracle. */
class InventoryPropertyTest {
    private static final long START = 1_700_000_000_000L;
    private static final long SECOND = 1000;
    private static final int SHOPS = 10;
    private static final long OUT_OF_ORDERNESS = 2000;

    private static Settings settings(CommitOn commitOn) {
        return InventorySettings.with(commitOn, Duration.ofDays(365), Duration.ofDays(365));
    }

    @ParameterizedTest
    @EnumSource(CommitOn.class)
    void everyRowIsTheOraclesWhateverTheArrivalWithinTheBound(CommitOn commitOn) throws Exception {
        Settings settings = settings(commitOn);
        for (int seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            List<List<ShopEvent>> shops = shops(random);
            try (InventoryPipeline pipeline = new InventoryPipeline(settings)) {
                feedWithinBound(pipeline, together(shops), random, -1);
                assertThat(pipeline.count(EventStream.ORDERS, Outcome.LATE)).isZero();
                for (int shop = 0; shop < SHOPS; shop++) {
                    compareAll(settings, shops.get(shop), rowsOf(pipeline, shop), seed);
                }
                Set<String> moments = new HashSet<>();
                pipeline.rows().forEach(row -> assertThat(moments.add(row.key() + row.time()))
                        .as("at most one row per SKU and second")
                        .isTrue());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CommitOn.class)
    void arrivalWithinTheBoundAndFailuresChangeNothing(CommitOn commitOn) throws Exception {
        Settings settings = settings(commitOn);
        for (int seed = 100; seed < 102; seed++) {
            List<ShopEvent> events = together(shops(new Random(seed)));
            List<List<InventoryResult>> runs = new ArrayList<>();
            for (int run = 0; run < 3; run++) {
                Random random = new Random(seed * 31 + run);
                try (InventoryPipeline pipeline = new InventoryPipeline(settings)) {
                    feedWithinBound(pipeline, events, random, run == 0 ? -1 : random.nextInt(events.size()));
                    List<InventoryResult> rows = new ArrayList<>(pipeline.rows());
                    rows.sort(Comparator.comparing(InventoryResult::key).thenComparing(InventoryResult::time));
                    runs.add(rows);
                }
            }
            assertThat(runs.get(1)).as("seed %d", seed).isEqualTo(runs.get(0));
            assertThat(runs.get(2)).as("seed %d", seed).isEqualTo(runs.get(0));
        }
    }

    @ParameterizedTest
    @EnumSource(CommitOn.class)
    void lateEventsInAnyOrderEndInTheFiguresOfTheSet(CommitOn commitOn) throws Exception {
        Settings settings = settings(commitOn);
        for (int seed = 200; seed < 207; seed++) {
            Random random = new Random(seed);
            List<List<ShopEvent>> shops = shops(random);
            List<ShopEvent> arrival = together(shops);
            long last = arrival.stream().mapToLong(ShopEvent::time).max().orElseThrow();
            Collections.shuffle(arrival, random);
            try (InventoryPipeline pipeline = new InventoryPipeline(settings)) {
                long watermark = START - 1;
                pipeline.watermark(watermark);
                for (ShopEvent event : arrival) {
                    pipeline.take(event);
                    if (random.nextInt(20) == 0) {
                        watermark += (long) (random.nextDouble() * (last - watermark));
                        pipeline.watermark(watermark);
                    }
                    if (random.nextInt(100) == 0) {
                        pipeline.failAndRestore();
                        // A harness does not restore the watermark; its source would send it again.
                        pipeline.watermark(watermark);
                    }
                }
                long end = (last / SECOND + 2) * SECOND;
                pipeline.watermark(end);
                for (int shop = 0; shop < SHOPS; shop++) {
                    compareLast(settings, shops.get(shop), rowsOf(pipeline, shop), end, seed);
                }
                long read = 0;
                for (EventStream stream : List.of(EventStream.ORDERS, EventStream.STOCK)) {
                    for (Outcome outcome : Outcome.values()) {
                        read += pipeline.count(stream, outcome);
                    }
                }
                assertThat(read).as("accepted + late + duplicate = read").isEqualTo(arrival.size());
            }
        }
    }

    /** Independent event sets, told apart by the beginning of their SKUs. */
    private static List<List<ShopEvent>> shops(Random random) {
        List<List<ShopEvent>> shops = new ArrayList<>();
        for (int shop = 0; shop < SHOPS; shop++) {
            shops.add(events(random, spread(random), "shop-" + shop + "-"));
        }
        return shops;
    }

    private static List<ShopEvent> together(List<List<ShopEvent>> shops) {
        List<ShopEvent> all = new ArrayList<>();
        shops.forEach(all::addAll);
        return all;
    }

    private static List<InventoryResult> rowsOf(InventoryPipeline pipeline, int shop) {
        return pipeline.rows().stream()
                .filter(row -> row.sku().startsWith("shop-" + shop + "-"))
                .toList();
    }

    /** Everything within half a minute, or over some hours, or over two days. */
    private static long spread(Random random) {
        return List.of(30 * SECOND, 3 * 3600 * SECOND, 48 * 3600 * SECOND).get(random.nextInt(3));
    }

    private static List<ShopEvent> events(Random random, long spread, String shop) {
        List<ShopEvent> events = new ArrayList<>();
        int id = 0;
        int orders = 1 + random.nextInt(8);
        for (int order = 0; order < orders; order++) {
            List<Item> items = items(random, 1 + random.nextInt(3), shop);
            int more = random.nextInt(6);
            for (int i = 0; i <= more; i++) {
                EventType type = i == 0 && random.nextInt(10) > 0
                        ? EventType.PLACED
                        : List.of(
                                        EventType.PLACED,
                                        EventType.PAID,
                                        EventType.PAID,
                                        EventType.SHIPPED,
                                        EventType.SHIPPED,
                                        EventType.CANCELLED,
                                        EventType.REFUNDED)
                                .get(random.nextInt(7));
                boolean whole = type != EventType.PLACED && random.nextInt(2) == 0;
                List<Item> some = type == EventType.PLACED && random.nextBoolean()
                        ? items
                        : items.subList(0, 1 + random.nextInt(items.size())).stream()
                                .map(item -> new Item(
                                        item.sku(),
                                        item.category(),
                                        1 + random.nextLong(item.quantity()),
                                        item.unitPrice(),
                                        item.warehouse()))
                                .toList();
                events.add(ShopEvent.builder(type, shop + "o" + random.nextInt(1000) + "-" + id++, time(random, spread))
                        .order(shop + "order-" + order)
                        .visitor("v")
                        .items(whole ? null : some)
                        .currency(random.nextBoolean() ? "EUR" : null)
                        .restock(type == EventType.REFUNDED && random.nextBoolean())
                        .build());
            }
        }
        int stock = random.nextInt(8);
        for (int i = 0; i < stock; i++) {
            EventType type = List.of(EventType.COUNTED, EventType.RECEIVED, EventType.ADJUSTED)
                    .get(random.nextInt(3));
            events.add(ShopEvent.builder(type, shop + "s" + random.nextInt(1000) + "-" + id++, time(random, spread))
                    .sku(shop + "sku-" + random.nextInt(3))
                    .warehouse(random.nextInt(4) == 0 ? "w" : "default")
                    .quantity(type == EventType.ADJUSTED ? random.nextInt(9) - 4 : random.nextInt(12))
                    .build());
        }
        int twice = random.nextInt(4);
        for (int i = 0; i < twice; i++) {
            events.add(events.get(random.nextInt(events.size())));
        }
        return events;
    }

    private static long time(Random random, long spread) {
        // Coarse times meet often: equal instants are where order matters.
        return START + (random.nextInt(4) == 0 ? random.nextLong(spread) : random.nextLong(spread / 500) * 500);
    }

    /** Every SKU only in one of its warehouses per order, so that the oracle needs no mapping of lines. */
    private static List<Item> items(Random random, int lines, String shop) {
        List<Item> items = new ArrayList<>();
        Map<String, String> warehouses = new HashMap<>();
        for (int i = 0; i < lines; i++) {
            String sku = shop + "sku-" + random.nextInt(3);
            String warehouse = warehouses.computeIfAbsent(sku, any -> random.nextInt(4) == 0 ? "w" : "default");
            items.add(new Item(
                    sku,
                    random.nextBoolean() ? "category-" + random.nextInt(3) : null,
                    1 + random.nextInt(5),
                    1000L * random.nextInt(100),
                    warehouse));
        }
        return items;
    }

    private static void feedWithinBound(InventoryPipeline pipeline, List<ShopEvent> events, Random random, int fail)
            throws Exception {
        List<long[]> arrival = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            arrival.add(new long[] {events.get(i).time() + random.nextLong(OUT_OF_ORDERNESS), i});
        }
        arrival.sort(Comparator.comparingLong(pair -> pair[0]));
        long newest = Long.MIN_VALUE;
        long watermark = Long.MIN_VALUE;
        for (int i = 0; i < arrival.size(); i++) {
            ShopEvent event = events.get((int) arrival.get(i)[1]);
            pipeline.take(event);
            newest = Math.max(newest, event.time());
            if (random.nextInt(3) == 0) {
                watermark = Math.max(watermark, newest - OUT_OF_ORDERNESS - 1);
                pipeline.watermark(watermark);
            }
            if (i == fail) {
                pipeline.failAndRestore();
                pipeline.watermark(watermark);
            }
        }
        pipeline.watermark((newest / SECOND + 1) * SECOND);
        pipeline.watermark(Long.MAX_VALUE);
    }

    private static void compareAll(Settings settings, List<ShopEvent> events, List<InventoryResult> rows, int seed) {
        InventoryOracle oracle = new InventoryOracle(settings);
        Random sample = new Random(seed);
        Set<Long> ends = new TreeSet<>();
        events.forEach(event -> ends.add((event.time() / SECOND + 1) * SECOND));
        for (InventoryResult row : rows) {
            // Rows of a moment with events are all compared, those that only let time pass by sample.
            if (ends.contains(row.time()) || sample.nextInt(20) == 0) {
                InventoryResult expected = oracle.at(events, new Place(row.sku(), row.warehouse()), row.time());
                assertSame(row, expected, true, seed);
            }
        }
        for (Place place : InventoryOracle.places(events)) {
            for (long end : ends) {
                InventoryResult latest = latest(rows, place, end);
                InventoryResult expected = oracle.at(events, place, end);
                if (expected == null) {
                    continue;
                }
                assertThat(latest).as("seed %d, %s at %d", seed, place, end).isNotNull();
                assertThat(latest.onHand()).as("seed %d", seed).isEqualTo(expected.onHand());
                assertThat(latest.reserved()).as("seed %d", seed).isEqualTo(expected.reserved());
                assertThat(latest.category()).as("seed %d", seed).isEqualTo(expected.category());
                assertThat(latest.unitPrice()).as("seed %d", seed).isEqualTo(expected.unitPrice());
                assertThat(latest.state().equals("unknown"))
                        .isEqualTo(expected.state().equals("unknown"));
            }
        }
    }

    private static void compareLast(
            Settings settings, List<ShopEvent> events, List<InventoryResult> rows, long end, int seed) {
        InventoryOracle oracle = new InventoryOracle(settings);
        for (Place place : InventoryOracle.places(events)) {
            InventoryResult row = latest(rows, place, end);
            if (row == null) {
                assertThat(oracle.at(events, place, end))
                        .as("seed %d, %s", seed, place)
                        .isNull();
                continue;
            }
            // What took a late event in is as of its own moment; nothing has happened since.
            assertSame(row, oracle.at(events, place, row.time()), false, seed);
            InventoryResult expected = oracle.at(events, place, end);
            assertThat(row.onHand()).as("seed %d", seed).isEqualTo(expected.onHand());
            assertThat(row.reserved()).as("seed %d", seed).isEqualTo(expected.reserved());
        }
    }

    private static InventoryResult latest(List<InventoryResult> rows, Place place, long end) {
        return rows.stream()
                .filter(row ->
                        row.sku().equals(place.sku()) && row.warehouse().equals(place.warehouse()) && row.time() <= end)
                .max(Comparator.comparingLong(InventoryResult::time))
                .orElse(null);
    }

    private static void assertSame(InventoryResult row, InventoryResult expected, boolean inTime, int seed) {
        String what = "seed " + seed + ": " + row;
        assertThat(expected).as(what).isNotNull();
        assertThat(row.onHand()).as(what).isEqualTo(expected.onHand());
        assertThat(row.reserved()).as(what).isEqualTo(expected.reserved());
        assertThat(row.available()).as(what).isEqualTo(expected.available());
        close(row.velocityPerHour(), expected.velocityPerHour(), 1e-8, what);
        close(row.coverSeconds(), expected.coverSeconds(), 0.01, what);
        close(row.safetyStock(), expected.safetyStock(), 1e-5, what);
        close(row.reorderPoint(), expected.reorderPoint(), 1e-5, what);
        assertThat(row.state()).as(what).isEqualTo(expected.state());
        assertThat(row.category()).as(what).isEqualTo(expected.category());
        assertThat(row.unitPrice()).as(what).isEqualTo(expected.unitPrice());
        assertThat(row.currency()).as(what).isEqualTo(expected.currency());
        assertThat(row.recentSales()).as(what).isEqualTo(expected.recentSales());
        assertThat(row.lastReceived()).as(what).isEqualTo(expected.lastReceived());
        if (inTime) {
            close(row.velocityAtStockOut(), expected.velocityAtStockOut(), 1e-8, what);
        }
    }

    private static void close(Double actual, Double expected, double tolerance, String what) {
        if (expected == null) {
            assertThat(actual).as(what).isNull();
        } else {
            assertThat(actual).as(what).isCloseTo(expected, within(tolerance + Math.abs(expected) * 1e-6));
        }
    }
}
