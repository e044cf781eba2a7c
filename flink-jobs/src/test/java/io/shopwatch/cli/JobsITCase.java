package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shopwatch.KafkaUnderTest;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Outcome;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.funnel.FunnelDefinition;
import io.shopwatch.domain.funnel.FunnelOracle;
import io.shopwatch.domain.funnel.RandomVisits;
import io.shopwatch.domain.inventory.InventoryOracle;
import io.shopwatch.domain.inventory.InventoryOracle.Place;
import io.shopwatch.domain.window.Window;
import io.shopwatch.oracle.SalesOracle;
import io.shopwatch.wire.DeadLetter;
import io.shopwatch.wire.DeadLetterReason;
import io.shopwatch.wire.EventEncoder;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs and {@code serve} on a real broker, against brute force. */
class JobsITCase {
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final String TIMEZONE = "Europe/Berlin";
    private static final long MIDNIGHT = Instant.parse("2025-11-10T23:00:00Z").toEpochMilli(); // in Berlin
    private static final long START = MIDNIGHT - 20 * MINUTE;
    private static final long SPAN = 50 * MINUTE;

    /** Where the first part of the events ends. What comes later is moved by the pause. */
    private static final long CUT = MIDNIGHT + 15 * MINUTE;

    /** Far longer than event time goes on by itself while the test waits. */
    private static final long PAUSE = 8 * MINUTE;

    private static final long OUT_OF_ORDERNESS = SECOND;

    @TempDir
    private Path folder;

    private final Random random = new Random(20_251_111);
    private final Map<EventStream, Map<Outcome, Long>> sent = new EnumMap<>(EventStream.class);
    private final Map<Rejected, DeadLetter> rejected = new LinkedHashMap<>();

    /** Where a record that cannot be read lies. */
    private record Rejected(String topic, int partition, long offset) {}

    /** A record for a topic, and what is to become of it. */
    private record Arrival(EventStream stream, String key, byte[] value, Outcome outcome, DeadLetterReason reason) {}

    @Test
    void figuresAndCountsAreThoseOfBruteForceOverLateEventsAndARestart() throws Exception {
        String servers = KafkaUnderTest.emptied();
        List<ShopEvent> events = events();
        List<ShopEvent> first = events.stream().filter(e -> e.time() < CUT).toList();
        List<ShopEvent> second = events.stream().filter(e -> e.time() >= CUT).toList();
        List<ShopEvent> late = late(events);
        long firstEnd = endOf(first);
        long secondEnd = endOf(second);

        try (RunningShop shop = RunningShop.start(servers, folder, "shop.timezone=" + TIMEZONE);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", servers), new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Arrival> arrivals = arrivals(first);
            unreadable().forEach(record -> arrivals.add(random.nextInt(arrivals.size()), record));
            send(producer, arrivals);
            shop.awaitRead(totals(), firstEnd);
            assertCounts(shop);
            assertFigures(shop, first, List.of(), START, firstEnd);
            assertStockOnTheWay(shop, first, START, firstEnd);
            assertDeadLetters(shop);
            assertServed(shop, first, firstEnd);

            send(
                    producer,
                    late.stream().map(event -> arrival(event, Outcome.LATE)).toList());
            shop.awaitRead(totals(), firstEnd);
            assertCounts(shop);

            Map<String, JobStatus> before = shop.statuses();
            shop.restartJobs();

            List<Arrival> goingOn = arrivals(second);
            // Delivered again after the restart: known from before.
            goingOn.add(arrival(anyOf(first, EventStream.ORDERS), Outcome.DUPLICATE));
            goingOn.add(unreadable().get(0));
            send(producer, goingOn);
            shop.awaitRead(totals(), secondEnd);
            List<ShopEvent> inTime =
                    Stream.concat(first.stream(), second.stream()).toList();
            assertCounts(shop);
            assertFigures(shop, inTime, late, CUT + PAUSE, secondEnd);
            assertDeadLetters(shop);
            shop.statuses().forEach((job, status) -> assertThat(status.runId())
                    .as("run of %s", job)
                    .isEqualTo(before.get(job).runId()));
        }
    }

    /** Unique events of all streams, by time. */
    private List<ShopEvent> events() {
        List<ShopEvent> events = new ArrayList<>(RandomVisits.of(random, START, 420, SPAN));
        for (ShopEvent event : List.copyOf(events)) {
            if (event.type() == EventType.PLACED) {
                events.addAll(later(event));
            }
        }
        for (int sku = 0; sku < 4; sku++) {
            events.add(stock(EventType.COUNTED, sku, START + random.nextLong(MINUTE), 15 + random.nextInt(20)));
            for (int i = 0; i < 5; i++) {
                events.add(stock(EventType.RECEIVED, sku, START + random.nextLong(SPAN), random.nextInt(6)));
                events.add(stock(EventType.ADJUSTED, sku, START + random.nextLong(SPAN), random.nextInt(5) - 3));
            }
        }
        return events.stream()
                .map(event -> event.time() < CUT ? event : event.withTime(event.time() + PAUSE))
                .sorted(Comparator.comparingLong(ShopEvent::time)
                        .thenComparing(ShopEvent::type)
                        .thenComparing(ShopEvent::eventId))
                .toList();
    }

    private List<ShopEvent> later(ShopEvent placed) {
        List<ShopEvent> later = new ArrayList<>();
        long at = placed.time() + 1 + random.nextLong(4 * MINUTE);
        switch (random.nextInt(4)) {
            case 0 -> later.add(ofOrder(EventType.CANCELLED, placed, at));
            case 1 -> later.add(ofOrder(EventType.SHIPPED, placed, at));
            case 2 -> {
                later.add(ofOrder(EventType.SHIPPED, placed, at));
                later.add(ofOrder(EventType.REFUNDED, placed, at + 1 + random.nextLong(MINUTE)).toBuilder()
                        .restock(true)
                        .build());
            }
            default -> {
                // Waits to be shipped when the test ends.
            }
        }
        return later;
    }

    private static ShopEvent ofOrder(EventType type, ShopEvent placed, long time) {
        return ShopEvent.builder(type, placed.eventId() + type.wireName(), time)
                .visitor(placed.visitorId())
                .order(placed.orderId())
                .channel(placed.channel())
                .build();
    }

    private static ShopEvent stock(EventType type, int sku, long time, long quantity) {
        return ShopEvent.builder(type, "stock-" + type.wireName() + sku + "-" + time, time)
                .sku("sku-" + sku)
                .warehouse("default")
                .quantity(quantity)
                .build();
    }

    /** One event of each stream, of the day that the first part ends in, minutes too late. */
    private static List<ShopEvent> late(List<ShopEvent> events) {
        Set<String> paid = new HashSet<>();
        events.stream().filter(e -> e.type() == EventType.PAID).forEach(e -> paid.add(e.orderId()));
        ShopEvent unpaid = events.stream()
                .filter(e -> e.type() == EventType.PLACED && !paid.contains(e.orderId()))
                .filter(e -> e.time() > MIDNIGHT && e.time() < CUT - 2 * MINUTE)
                .findFirst()
                .orElseThrow();
        long time = MIDNIGHT + MINUTE;
        return List.of(
                ShopEvent.builder(EventType.VIEW_ITEM, "late-view", time)
                        .visitor("latecomer")
                        .sku("sku-1")
                        .category("hats")
                        .build(),
                ShopEvent.builder(EventType.ADD_TO_CART, "late-cart", time)
                        .visitor("latecomer")
                        .sku("sku-1")
                        .category("hats")
                        .quantity(1)
                        .build(),
                ofOrder(EventType.PAID, unpaid, unpaid.time() + SECOND),
                stock(EventType.RECEIVED, 2, time, 7));
    }

    /** In any order within the bound; producers of orders and stock deliver some of them twice. */
    private List<Arrival> arrivals(List<ShopEvent> events) {
        record Timed(Arrival arrival, long at) {}
        List<Timed> timed = new ArrayList<>();
        for (ShopEvent event : events) {
            timed.add(new Timed(arrival(event, Outcome.ACCEPTED), event.time() + random.nextLong(OUT_OF_ORDERNESS)));
            if (isUnique(event.stream()) && random.nextInt(5) == 0) {
                timed.add(
                        new Timed(arrival(event, Outcome.DUPLICATE), event.time() + random.nextLong(OUT_OF_ORDERNESS)));
            }
        }
        timed.sort(Comparator.comparingLong(Timed::at));
        return new ArrayList<>(timed.stream().map(Timed::arrival).toList());
    }

    private static boolean isUnique(EventStream stream) {
        return stream == EventStream.ORDERS || stream == EventStream.STOCK;
    }

    private static Arrival arrival(ShopEvent event, Outcome outcome) {
        return new Arrival(event.stream(), EventEncoder.recordKey(event), EventEncoder.encode(event), outcome, null);
    }

    private static List<Arrival> unreadable() {
        byte[] large = EventEncoder.encode(ShopEvent.builder(EventType.PAGE_VIEW, "large", START)
                .visitor("v")
                .build());
        byte[] padded =
                (new String(large, StandardCharsets.UTF_8) + " ".repeat(64 * 1024)).getBytes(StandardCharsets.UTF_8);
        long future = System.currentTimeMillis() + Duration.ofDays(30).toMillis();
        byte[] ahead = EventEncoder.encode(ShopEvent.builder(EventType.PAID, "ahead", future)
                .visitor("v")
                .order("o")
                .build());
        return List.of(
                unreadable(
                        EventStream.CARTS,
                        "{\"eventId\": ".getBytes(StandardCharsets.UTF_8),
                        DeadLetterReason.MALFORMED),
                unreadable(EventStream.CLICKS, padded, DeadLetterReason.TOO_LARGE),
                unreadable(EventStream.ORDERS, ahead, DeadLetterReason.TOO_FAR_AHEAD),
                unreadable(
                        EventStream.STOCK,
                        "{\"eventId\":\"x\",\"eventTime\":1762815600000,\"type\":\"eaten\",\"sku\":\"s\",\"quantity\":1}"
                                .getBytes(StandardCharsets.UTF_8),
                        DeadLetterReason.UNKNOWN_TYPE),
                unreadable(EventStream.CLICKS, new byte[] {(byte) 0xff, 0, 1}, DeadLetterReason.MALFORMED));
    }

    private static Arrival unreadable(EventStream stream, byte[] value, DeadLetterReason reason) {
        return new Arrival(stream, null, value, Outcome.DEAD_LETTER, reason);
    }

    private void send(KafkaProducer<byte[], byte[]> producer, List<Arrival> arrivals) throws Exception {
        Map<Arrival, Future<RecordMetadata>> awaited = new HashMap<>();
        for (Arrival arrival : arrivals) {
            byte[] key = arrival.key == null ? null : arrival.key.getBytes(StandardCharsets.UTF_8);
            awaited.put(arrival, producer.send(new ProducerRecord<>(arrival.stream.wireName(), key, arrival.value)));
            sent.computeIfAbsent(arrival.stream, stream -> new EnumMap<>(Outcome.class))
                    .merge(arrival.outcome, 1L, Long::sum);
        }
        producer.flush();
        for (Map.Entry<Arrival, Future<RecordMetadata>> one : awaited.entrySet()) {
            Arrival arrival = one.getKey();
            RecordMetadata at = one.getValue().get();
            if (arrival.reason != null) {
                rejected.put(
                        new Rejected(at.topic(), at.partition(), at.offset()),
                        new DeadLetter(
                                arrival.reason.wireName(),
                                "",
                                at.topic(),
                                at.partition(),
                                at.offset(),
                                0,
                                Base64.getEncoder().encodeToString(arrival.value)));
            }
        }
    }

    private Map<EventStream, Long> totals() {
        Map<EventStream, Long> totals = new EnumMap<>(EventStream.class);
        sent.forEach((stream, outcomes) -> totals.put(
                stream, outcomes.values().stream().mapToLong(Long::longValue).sum()));
        return totals;
    }

    private static long endOf(List<ShopEvent> events) {
        return (events.get(events.size() - 1).time() / SECOND + 1) * SECOND;
    }

    private ShopEvent anyOf(List<ShopEvent> events, EventStream stream) {
        List<ShopEvent> candidates =
                events.stream().filter(event -> event.stream() == stream).toList();
        // Of the last ones: ids are remembered for an hour.
        return candidates.get(candidates.size() - 1 - random.nextInt(5));
    }

    /** All windows and segments at {@code to} and at some ends before it. */
    private void assertFigures(RunningShop shop, List<ShopEvent> inTime, List<ShopEvent> late, long from, long to) {
        long[] ends = LongStream.concat(
                        LongStream.of(to),
                        random.longs(9, from / SECOND, to / SECOND).map(second -> second * SECOND))
                .toArray();
        List<FunnelDefinition> definitions = shop.settings().funnels();
        FunnelOracle funnels =
                new FunnelOracle(definitions, shop.settings().shop().timezone(), inTime);
        SalesOracle sales = SalesOracle.of(shop.settings(), inTime, late);
        List<ShopEvent> all = Stream.concat(inTime.stream(), late.stream()).toList();
        shop.awaitAsserted(() -> {
            Map<String, TreeMap<Long, FunnelResult>> rows = shop.funnels();
            for (FunnelDefinition funnel : definitions) {
                for (var segment : funnels.values(funnel.name())) {
                    for (Window window : Window.values()) {
                        for (long end : ends) {
                            assertThat(visitors(rows, funnel, window, end, segment.getKey(), segment.getValue()))
                                    .as("%s %s %s to %s", funnel.name(), segment, window, Instant.ofEpochMilli(end))
                                    .isEqualTo(funnels.visitors(
                                            funnel.name(), window, end, segment.getKey(), segment.getValue()));
                        }
                    }
                }
            }
        });
        shop.awaitAsserted(() -> sales.assertAgrees(shop.sales(), ends));
        shop.awaitAsserted(() -> {
            Map<Place, TreeMap<Long, InventoryResult>> rows = shop.inventory();
            for (Place place : InventoryOracle.places(all)) {
                assertStock(shop, rows.get(place), all, place, to);
            }
        });
    }

    private static long[] visitors(
            Map<String, TreeMap<Long, FunnelResult>> rows,
            FunnelDefinition funnel,
            Window window,
            long end,
            Segment segment,
            String value) {
        return RunningShop.visitors(
                rows, funnel.name(), window, end, segment, value, funnel.steps().size());
    }

    /** While nothing was late, each row was right when it was written. */
    private void assertStockOnTheWay(RunningShop shop, List<ShopEvent> events, long from, long to) throws Exception {
        Map<Place, TreeMap<Long, InventoryResult>> rows = shop.inventory();
        for (Place place : InventoryOracle.places(events)) {
            for (int i = 0; i < 4; i++) {
                assertStock(
                        shop,
                        rows.get(place),
                        events,
                        place,
                        random.nextLong(from / SECOND + 60, to / SECOND) * SECOND);
            }
        }
    }

    private static void assertStock(
            RunningShop shop, TreeMap<Long, InventoryResult> rows, List<ShopEvent> events, Place place, long end) {
        InventoryOracle oracle = new InventoryOracle(shop.settings());
        InventoryResult then = oracle.at(events, place, end);
        if (then == null) {
            return;
        }
        assertThat(rows).as("rows of %s", place).isNotNull();
        assertThat(rows.floorEntry(end)).as("%s at %d", place, end).isNotNull();
        InventoryResult row = rows.floorEntry(end).getValue();
        InventoryResult expected = oracle.at(events, place, row.time());
        assertThat(expected).as("%s", row).isNotNull();
        assertThat(List.of(row.onHand(), row.reserved(), row.available(), row.state(), row.category()))
                .as("%s", row)
                .isEqualTo(List.of(
                        expected.onHand(),
                        expected.reserved(),
                        expected.available(),
                        expected.state(),
                        expected.category()));
        assertThat(row.unitPrice()).as("%s", row).isEqualTo(expected.unitPrice());
        assertThat(row.lastReceived()).as("%s", row).isEqualTo(expected.lastReceived());
        assertThat(row.recentSales()).as("%s", row).isEqualTo(expected.recentSales());
        assertThat(row.velocityPerHour()).as("%s", row).isCloseTo(expected.velocityPerHour(), within(1e-6));
        assertThat(row.reorderPoint()).as("%s", row).isCloseTo(expected.reorderPoint(), within(1e-4));
        // Since that row nothing has moved.
        assertThat(List.of(row.onHand(), row.reserved()))
                .as("%s at %d", row, end)
                .isEqualTo(List.of(then.onHand(), then.reserved()));
    }

    /** What {@code /metrics} says of every record that was sent, and that it says so of no other. */
    private void assertCounts(RunningShop shop) {
        Map<String, Double> expected = new TreeMap<>();
        sent.forEach((stream, outcomes) -> outcomes.forEach((outcome, count) -> expected.put(
                "shopwatch_events_total{outcome=" + outcome.wireName() + ",stream=" + stream.wireName() + "}",
                (double) count)));
        shop.awaitAsserted(() -> {
            Map<String, Double> counted = new TreeMap<>();
            shop.metrics().forEach((series, value) -> {
                if (series.startsWith("shopwatch_events_total{") && value != 0) {
                    counted.put(series, value);
                }
            });
            assertThat(counted)
                    .as(
                            "dead letters %s",
                            shop.deadLetters().stream()
                                    .map(DeadLetter::detail)
                                    .distinct()
                                    .toList())
                    .isEqualTo(expected);
        });
    }

    private void assertDeadLetters(RunningShop shop) {
        shop.awaitAsserted(() -> {
            Map<Rejected, DeadLetter> letters = new HashMap<>();
            for (DeadLetter letter : shop.deadLetters()) {
                assertThat(letter.detail()).isNotBlank();
                letters.put(
                        new Rejected(letter.topic(), letter.partition(), letter.offset()),
                        new DeadLetter(
                                letter.reason(),
                                "",
                                letter.topic(),
                                letter.partition(),
                                letter.offset(),
                                0,
                                letter.raw()));
            }
            assertThat(letters).isEqualTo(rejected);
        });
    }

    /** Figures of the day reach {@code /metrics} as they are; the newest is the one at {@code end}. */
    private static void assertServed(RunningShop shop, List<ShopEvent> events, long end) {
        FunnelDefinition funnel = FunnelDefinition.PURCHASE;
        long[] visitors = new FunnelOracle(
                        List.of(funnel), shop.settings().shop().timezone(), events)
                .visitors(funnel.name(), Window.TODAY, end, Segment.ALL, "all");
        shop.awaitAsserted(() -> {
            Map<String, Double> metrics = shop.metrics();
            for (int k = 0; k < visitors.length; k++) {
                assertThat(metrics)
                        .containsEntry(
                                "shopwatch_funnel_visitors{funnel=purchase,segment=all,step="
                                        + funnel.steps().get(k).name() + ",value=all,window=today}",
                                (double) visitors[k]);
            }
        });
    }
}
