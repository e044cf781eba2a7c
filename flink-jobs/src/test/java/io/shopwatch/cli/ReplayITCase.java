package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.KafkaUnderTest;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Outcome;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.funnel.FunnelDefinition;
import io.shopwatch.domain.funnel.FunnelOracle;
import io.shopwatch.domain.inventory.InventoryOracle.Place;
import io.shopwatch.domain.window.Window;
import io.shopwatch.oracle.SalesOracle;
import io.shopwatch.replay.RecordedEvents;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.SalesResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording, replayed into the running jobs and read by {@code backtest}: both say the same at every moment. */
class ReplayITCase {
    private static final long SECOND = 1000;
    private static final long START = Instant.parse("2019-10-01T22:40:00Z").toEpochMilli(); // to half past one next day
    private static final int SECONDS = 170 * 60;
    private static final int ROWS = 900;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);
    private static final String[] CATEGORIES = {"electronics.smartphone", "apparel.shoes", ""};

    @TempDir
    private Path folder;

    @Test
    void aReplayAtFullSpeedGivesTheFiguresOfABacktest() throws Exception {
        Path csv = Files.write(folder.resolve("shop.csv"), recording());
        List<ShopEvent> events = read(csv);
        long last = events.stream().mapToLong(ShopEvent::time).max().orElseThrow();
        long end = (last / SECOND + 1) * SECOND;
        Path out = folder.resolve("backtest");
        run("backtest", "--csv=" + csv, "--out=" + out);

        String servers = KafkaUnderTest.emptied();
        try (RunningShop shop = RunningShop.start(servers, folder.resolve("data"))) {
            run("replay", csv.toString(), "--speed=max", "--set=kafka.bootstrap.servers=" + servers);
            shop.awaitRead(countByStream(events), end);
            // However slow this machine is at the moment.
            assertThat(shop.statuses().values())
                    .allSatisfy(status -> assertThat(status.events().values())
                            .as("%s", status)
                            .allSatisfy(outcomes -> assertThat(outcomes.getOrDefault(Outcome.LATE.wireName(), 0L))
                                    .isZero()));

            assertToday(shop, events, end);
            assertSame(
                    jsonl(out.resolve("funnels.jsonl"), FunnelResult.class),
                    () -> shop.funnels().values().stream()
                            .flatMap(rows -> rows.values().stream())
                            .toList(),
                    FunnelResult::key,
                    FunnelResult::end,
                    FunnelResult::steps,
                    end,
                    shop);
            assertSame(
                    jsonl(out.resolve("sales.jsonl"), SalesResult.class),
                    shop::sales,
                    SalesResult::key,
                    SalesResult::end,
                    row -> SalesOracle.at(row, 0),
                    end,
                    shop);
            assertSame(
                    jsonl(out.resolve("inventory.jsonl"), InventoryResult.class),
                    () -> shop.inventory().values().stream()
                            .flatMap(rows -> rows.values().stream())
                            .toList(),
                    InventoryResult::key,
                    InventoryResult::time,
                    row -> List.of(new Place(row.sku(), row.warehouse()), row.reserved(), row.velocityPerHour()),
                    end,
                    shop);
        }
    }

    /** Both runs against a third: the day's figures by brute force. */
    private static void assertToday(RunningShop shop, List<ShopEvent> events, long end) {
        List<FunnelDefinition> definitions = shop.settings().funnels();
        FunnelOracle oracle = new FunnelOracle(definitions, ZoneOffset.UTC, events);
        SalesOracle sales = SalesOracle.of(shop.settings(), events);
        shop.awaitAsserted(() -> {
            Map<String, TreeMap<Long, FunnelResult>> rows = shop.funnels();
            for (FunnelDefinition funnel : definitions) {
                for (Map.Entry<Segment, String> segment : oracle.values(funnel.name())) {
                    assertThat(RunningShop.visitors(
                                    rows,
                                    funnel.name(),
                                    Window.TODAY,
                                    end,
                                    segment.getKey(),
                                    segment.getValue(),
                                    funnel.steps().size()))
                            .as("%s %s", funnel.name(), segment)
                            .isEqualTo(oracle.visitors(
                                    funnel.name(), Window.TODAY, end, segment.getKey(), segment.getValue()));
                }
            }
        });
        shop.awaitAsserted(() -> sales.assertAgrees(shop.sales(), end));
    }

    /** What is asked again until it holds. */
    @FunctionalInterface
    private interface Rows<R> {
        List<R> read() throws IOException;
    }

    /**
     * For every key and every moment up to {@code end} at which either run wrote a row, what holds then is the same: a row
     * that equals the one before need not be written.
     */
    private static <R> void assertSame(
            List<R> backtest,
            Rows<R> live,
            Function<R, String> key,
            ToLongFunction<R> time,
            Function<R, Object> figures,
            long end,
            RunningShop shop) {
        Map<String, TreeMap<Long, Object>> expected = byKey(backtest, key, time, figures, end);
        assertThat(expected).isNotEmpty();
        shop.awaitAsserted(() -> {
            Map<String, TreeMap<Long, Object>> actual = byKey(live.read(), key, time, figures, end);
            assertThat(actual.keySet()).isEqualTo(expected.keySet());
            expected.forEach((name, rows) -> {
                TreeMap<Long, Object> liveRows = actual.get(name);
                Set<Long> moments = new HashSet<>(rows.keySet());
                moments.addAll(liveRows.keySet());
                for (long moment : moments) {
                    assertThat(valueOf(liveRows, moment))
                            .as("%s at %s", name, Instant.ofEpochMilli(moment))
                            .isEqualTo(valueOf(rows, moment));
                }
            });
        });
    }

    private static <R> Map<String, TreeMap<Long, Object>> byKey(
            List<R> rows, Function<R, String> key, ToLongFunction<R> time, Function<R, Object> figures, long end) {
        Map<String, TreeMap<Long, Object>> byKey = new HashMap<>();
        for (R row : rows) {
            if (time.applyAsLong(row) <= end) {
                byKey.computeIfAbsent(key.apply(row), name -> new TreeMap<>())
                        .put(time.applyAsLong(row), figures.apply(row));
            }
        }
        return byKey;
    }

    private static Object valueOf(TreeMap<Long, Object> rows, long moment) {
        Map.Entry<Long, Object> row = rows.floorEntry(moment);
        return row == null ? null : row.getValue();
    }

    /** Visitors who look, put into carts and buy, several within one second, over midnight. */
    private static List<String> recording() {
        Random random = new Random(19_10);
        List<String> lines = new ArrayList<>();
        lines.add("event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session");
        long[] times = random.longs(ROWS, 0, SECONDS).sorted().toArray();
        for (long at : times) {
            int product = random.nextInt(12);
            int user = random.nextInt(25);
            int kind = random.nextInt(20);
            // The last is one that every job reads: none of them waits for the wall clock.
            String type = at == times[ROWS - 1]
                    ? "purchase"
                    : kind < 12 ? "view" : kind < 16 ? "cart" : kind < 17 ? "remove_from_cart" : "purchase";
            lines.add(String.join(
                    ",",
                    TIME.format(Instant.ofEpochMilli(START + at * SECOND)),
                    type,
                    Integer.toString(1_000_000 + product),
                    Integer.toString(2_000_000 + product % 3),
                    CATEGORIES[product % 3],
                    "brand",
                    (product + 1) + ".99",
                    Integer.toString(500 + user),
                    "session-" + user));
        }
        return lines;
    }

    private static List<ShopEvent> read(Path csv) throws IOException {
        List<ShopEvent> events = new ArrayList<>();
        try (RecordedEvents recorded =
                RecordedEvents.open(List.of(csv), RecordedEvents.Options.onlyEvents(reject -> assertThat(reject)
                        .isNull()))) {
            for (ShopEvent event = recorded.nextEvent(); event != null; event = recorded.nextEvent()) {
                events.add(event);
            }
        }
        return events;
    }

    private static Map<EventStream, Long> countByStream(List<ShopEvent> events) {
        Map<EventStream, Long> counts = new EnumMap<>(EventStream.class);
        for (EventStream stream : EventStream.values()) {
            counts.put(stream, 0L);
        }
        events.forEach(event -> counts.merge(event.stream(), 1L, Long::sum));
        return counts;
    }

    private static <R> List<R> jsonl(Path file, Class<R> type) throws IOException {
        List<R> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(Json.read(line.getBytes(StandardCharsets.UTF_8), type));
        }
        return rows;
    }

    private static void run(String... arguments) {
        StringWriter err = new StringWriter();
        int exit = Main.run(arguments, new PrintWriter(new StringWriter()), new PrintWriter(err));
        assertThat(exit).as("%s", err).isZero();
    }
}
