package io.shopwatch.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.wire.DeadLetterReason;
import io.shopwatch.wire.EventEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedEventsTest {
    private static final String REES46_HEADER =
            "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n";

    @TempDir
    private Path folder;

    private final List<Reject> rejects = new ArrayList<>();

    @Test
    void readsEveryKindOfRees46Row() throws IOException {
        Path file = write(
                "shop.csv",
                REES46_HEADER
                        + "2019-10-01 00:00:00 UTC,view,100,900,electronics.phone,acme,35.79,u1,s1\n"
                        + "2019-10-01 00:00:01 UTC,cart,100,900,,acme,35.79,u1,s1\n"
                        + "2019-10-01 00:00:02 UTC,remove_from_cart,100,900,electronics.phone,,35.79,u1,s1\n"
                        + "2019-10-01 00:00:03 UTC,purchase,100,900,electronics.phone,acme,1302.48,u1,s1\n");

        List<ShopEvent> events = events(file);

        assertThat(events)
                .extracting(ShopEvent::type)
                .containsExactly(
                        EventType.VIEW_ITEM, //
                        EventType.ADD_TO_CART,
                        EventType.REMOVE_FROM_CART,
                        EventType.PLACED,
                        EventType.PAID);
        ShopEvent view = events.get(0);
        assertThat(view.time()).isEqualTo(Instant.parse("2019-10-01T00:00:00Z").toEpochMilli());
        assertThat(view.visitorId()).isEqualTo("u1");
        assertThat(view.sessionId()).isEqualTo("s1");
        assertThat(view.sku()).isEqualTo("100");
        assertThat(view.category()).isEqualTo("electronics.phone");
        assertThat(view.channel()).isNull();
        assertThat(view.device()).isNull();
        // Without a category code its id stands in.
        assertThat(events.get(1).category()).isEqualTo("900");
        assertThat(events.get(1).quantity()).isEqualTo(1);
        assertThat(events.get(1).unitPrice()).isEqualTo(357_900);
        ShopEvent placed = events.get(3);
        assertThat(placed.items())
                .containsExactly(new Item("100", "electronics.phone", 1, 1302 * Money.SCALE + 4800, "default"));
        assertThat(events.get(4).time()).isEqualTo(placed.time());
        assertThat(events.get(4).orderId()).isEqualTo(placed.orderId());
        assertThat(events.get(4).items()).isNull();
        assertThat(rejects).isEmpty();
    }

    @Test
    void readsTaobaoRowsInAnyOrderAndSkipsFavourites() throws IOException {
        Path file = write(
                "UserBehavior.csv",
                """
                1,2268318,2520377,pv,1511544070
                1,2333346,2520771,buy,1511544000
                1,2576651,149192,fav,1511572885
                2,3830808,4181361,cart,1511544060
                """);

        List<ShopEvent> events;
        try (RecordedEvents recorded = open(file)) {
            events = drain(recorded);
            assertThat(recorded.skipped()).isEqualTo(1);
            assertThat(recorded.lines()).isEqualTo(3);
        }

        assertThat(events)
                .extracting(ShopEvent::type)
                .containsExactly(EventType.PLACED, EventType.PAID, EventType.ADD_TO_CART, EventType.VIEW_ITEM);
        assertThat(events).extracting(ShopEvent::time).isSorted().endsWith(1_511_544_070_000L);
        assertThat(events.get(0).items()).containsExactly(new Item("2333346", "2520771", 1, 0, "default"));
        assertThat(events.get(2).quantity()).isEqualTo(1);
    }

    @Test
    void taobaoOutliersAreRejectedOrPassedOnButNeverFatal() throws IOException {
        Path file = write(
                "t.csv",
                """
                1,10,20,pv,1511544070
                1,11,20,pv,-2134949234
                1,12,20,pv,2122867355
                1,13,20,pv,99999999999999999999
                """);

        assertThat(events(file)).extracting(ShopEvent::sku).containsExactly("10", "12");
        assertThat(rejects)
                .extracting(Reject::line, Reject::reason)
                .containsExactly(tuple(2L, DeadLetterReason.TOO_OLD), tuple(4L, DeadLetterReason.INVALID_FIELD));

        rejects.clear();
        try (RecordedEvents passing =
                RecordedEvents.open(List.of(file), RecordedEvents.Options.passingOn(rejects::add))) {
            assertThat(drain(passing)).extracting(ShopEvent::sku).containsExactly("11", "10", "12");
        }
        assertThat(rejects).hasSize(1);
    }

    @Test
    void copesWithQuotesCarriageReturnsAByteOrderMarkAndOtherColumnOrders() throws IOException {
        Path file = write(
                "shop.csv",
                "\uFEFFuser_session,event_time,event_type,extra,product_id,category_id,category_code,brand,price,user_id\r\n"
                        + "\"s,1\",2019-10-01 00:00:00 UTC,view,\"a \"\"b\"\"\",100,7,,,,u1\r\n"
                        + "\r\n"
                        + ",2019-10-01T02:00:01+02:00,view,,101,7,\"\",,,u2\r\n"
                        + "s3,2019-10-01 00:00:02,view,,102,7,x.y,,,u3");

        List<ShopEvent> events = events(file);

        assertThat(rejects).isEmpty();
        assertThat(events).extracting(ShopEvent::sessionId).containsExactly("s,1", null, "s3");
        assertThat(events).extracting(ShopEvent::category).containsExactly("7", "7", "x.y");
        assertThat(events)
                .extracting(event -> event.time() - events.get(0).time())
                .containsExactly(0L, 1000L, 2000L);
    }

    @Test
    void malformedRowsAreCountedWithTheirLineAndTheRestIsRead() throws IOException {
        Path file = write(
                "shop.csv",
                REES46_HEADER
                        + "2019-10-01 00:00:00 UTC,view,100,900,,,1,u1,s1\n"
                        + "2019-10-01 00:00:00 UTC,view,100,900\n"
                        + "2019-13-01 00:00:00 UTC,view,100,900,,,1,u1,s1\n"
                        + "2019-10-01 24:00:00 UTC,view,100,900,,,1,u1,s1\n"
                        + "yesterday,view,100,900,,,1,u1,s1\n"
                        + "2019-10-01 00:00:00 UTC,wish,100,900,,,1,u1,s1\n"
                        + "2019-10-01 00:00:00 UTC,view,100,900,,,1,,s1\n"
                        + "2019-10-01 00:00:00 UTC,view,,900,,,1,u1,s1\n"
                        + "2019-10-01 00:00:00 UTC,purchase,100,900,,,free,u1,s1\n"
                        + "2019-10-01 00:00:00 UTC,purchase,100,900,,,,u1,s1\n"
                        + "2019-10-01 00:00:00 UTC,cart,100,900,,,-79.37,u1,s1\n"
                        + "2019-10-01 00:00:00 UTC,cart,100,900,,,0.00001,u1,s1\n"
                        + "2019-10-01 00:00:00 UTC,view,100,,,,1,u1,s1\n"
                        + "2019-10-01 00:00:00 UTC,view,\"100,900,,,1,u1,s1\n"
                        + "2019-10-01 00:00:00 UTC,view,\"1\"00,900,,,1,u1,s1\n"
                        + "2019-10-01 00:00:00 UTC,view," + "9".repeat(300) + ",900,,,1,u1,s1\n"
                        + "x".repeat(70_000) + "\n"
                        + "2019-10-01 00:00:01 UTC,view,100,900,,,not a price,u1,s1\n");

        assertThat(events(file)).hasSize(2);
        assertThat(rejects)
                .extracting(Reject::line)
                .containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L);
        assertThat(rejects)
                .extracting(Reject::reason)
                .containsExactly(
                        DeadLetterReason.MALFORMED,
                        DeadLetterReason.INVALID_FIELD,
                        DeadLetterReason.INVALID_FIELD,
                        DeadLetterReason.INVALID_FIELD,
                        DeadLetterReason.UNKNOWN_TYPE,
                        DeadLetterReason.MISSING_FIELD,
                        DeadLetterReason.MISSING_FIELD,
                        DeadLetterReason.INVALID_FIELD,
                        DeadLetterReason.INVALID_FIELD,
                        DeadLetterReason.INVALID_FIELD,
                        DeadLetterReason.OUT_OF_RANGE,
                        DeadLetterReason.MISSING_FIELD,
                        DeadLetterReason.MALFORMED,
                        DeadLetterReason.MALFORMED,
                        DeadLetterReason.STRING_TOO_LONG,
                        DeadLetterReason.TOO_LARGE);
    }

    @Test
    void gzipIsRecognisedByItsContentNotByItsName() throws IOException {
        Path packed = folder.resolve("plain-name.csv");
        Files.write(packed, gzip(REES46_HEADER + "2019-10-01 00:00:00 UTC,view,100,900,,,1,u1,s1\n"));
        Path plain = write("packed-name.csv.gz", "1,10,20,pv,1511544070\n");

        assertThat(events(packed)).hasSize(1);
        assertThat(events(plain)).hasSize(1);
    }

    @Test
    void aCutOffGzipFileIsNamedWithTheLineThatItEndsAfter() throws IOException {
        byte[] whole = gzip("1,10,20,pv,1511544070\n".repeat(20_000));
        Path file = folder.resolve("cut.csv.gz");
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cut.csv.gz: after line ");
    }

    @Test
    void readingTwiceGivesTheSameIdsAndEqualRowsDifferentOnes() throws IOException {
        String rows = "2019-10-01 00:00:00 UTC,view,100,900,,,1,u1,s1\n"
                + "2019-10-01 00:00:00 UTC,cart,100,900,,,1,u1,s1\n"
                + "2019-10-01 00:00:00 UTC,view,100,900,,,1,u1,s1\n"
                + "2019-10-01 00:00:00 UTC,purchase,100,900,,,1,u1,s1\n"
                + "2019-10-01 00:00:00 UTC,purchase,100,900,,,1,u1,s1\n";
        List<ShopEvent> events = events(write("a.csv", REES46_HEADER + rows));
        List<ShopEvent> again = events(write("b.csv", REES46_HEADER + rows));

        assertThat(again).isEqualTo(events);
        assertThat(events).extracting(ShopEvent::eventId).doesNotHaveDuplicates();
        // The same session, product and second: one purchase, recorded twice.
        assertThat(events)
                .filteredOn(event -> event.type() == EventType.PLACED)
                .extracting(ShopEvent::orderId)
                .hasSize(2)
                .containsOnly(events.get(3).orderId());
    }

    @Test
    void aFolderOfJsonIsOneSortedStreamAndItsBytesAreKept() throws IOException {
        String click =
                "{\"eventId\":\"c1\",\"eventTime\":\"2026-01-01T00:00:02Z\",\"type\":\"page_view\",\"visitorId\":\"v\",\"mine\":1}";
        String order =
                "{\"eventId\":\"o1\",\"eventTime\":1767225601000,\"type\":\"paid\",\"visitorId\":\"v\",\"orderId\":\"o\"}";
        write("clicks.jsonl", click + "\n\n  \n" + click.replace("c1", "c2").replace(":02Z", ":00Z") + "\n");
        write("orders.jsonl", order + "\r\n");

        List<Recorded> recorded = new ArrayList<>();
        try (RecordedEvents events =
                RecordedEvents.open(List.of(folder), RecordedEvents.Options.onlyEvents(rejects::add))) {
            for (Recorded next = events.next(); next != null; next = events.next()) {
                recorded.add(next);
            }
        }

        assertThat(recorded).extracting(next -> next.event().eventId()).containsExactly("c2", "o1", "c1");
        assertThat(new String(recorded.get(2).value(), StandardCharsets.UTF_8)).isEqualTo(click);
        assertThat(recorded.get(1).key()).isEqualTo("o");
        assertThat(new String(recorded.get(1).valueAt(7), StandardCharsets.UTF_8))
                .contains("\"eventTime\":7,");
    }

    @Test
    void theFieldTypeTellsTheStreamWhereTheFilesNameDoesNot() throws IOException {
        Path file = write(
                "everything.json",
                """
                {"eventId":"1","eventTime":1767225600000,"type":"counted","sku":"A","quantity":1}
                {"nested":{"type":"paid"},"eventId":"2","eventTime":1767225600001,"type":"view_item","sku":"A","category":"c","visitorId":"v"}
                {"eventId":"3","eventTime":1767225600002,"type":"view_item"
                {"eventId":"4","eventTime":1767225600003,"type":"no_such"}
                {"eventId":"5","eventTime":1767225600004,"type":"paid","visitorId":"v"}
                """);

        assertThat(events(file)).extracting(ShopEvent::stream).containsExactly(EventStream.STOCK, EventStream.CLICKS);
        assertThat(rejects)
                .extracting(Reject::line, Reject::stream)
                .containsExactly(tuple(3L, EventStream.CLICKS), tuple(4L, null), tuple(5L, EventStream.ORDERS));
    }

    @Test
    void linesThatAreNoEventsArePassedOnInTheirPlace() throws IOException {
        Path file = write(
                "stock.jsonl",
                """
                {"eventId":"1","eventTime":1767225600000,"type":"counted","sku":"A","quantity":1}
                nonsense
                {"eventId":"2","eventTime":1767225600001,"type":"counted","sku":"A","quantity":1}
                """);
        List<String> values = new ArrayList<>();
        try (RecordedEvents events =
                RecordedEvents.open(List.of(file), RecordedEvents.Options.passingOn(rejects::add))) {
            for (Recorded next = events.next(); next != null; next = events.next()) {
                values.add(new String(next.value(), StandardCharsets.UTF_8).substring(0, 8));
            }
            assertThat(events.lines()).isEqualTo(3);
            assertThat(events.linesDone()).isEqualTo(3);
        }

        assertThat(values).containsExactly("{\"eventI", "nonsense", "{\"eventI");
        assertThat(rejects).isEmpty();
    }

    @Test
    void sortingOnDiskWithHardlyAnyMemoryGivesTheSameAsSortingInMemory() throws IOException {
        Random random = new Random(5);
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            // Few different seconds: many rows of the same time must keep their order.
            rows.append(random.nextInt(50))
                    .append(',')
                    .append(i)
                    .append(",7,pv,")
                    .append(1_511_544_000 + random.nextInt(300))
                    .append('\n');
        }
        Path file = write("t.csv", rows.toString());
        Path temp = Files.createDirectory(folder.resolve("temp"));
        List<ShopEvent> inMemory = events(file);

        // 20,000 rows of some 90 bytes with overhead in 10 kB: about 180 files, merged in two rounds and a last one.
        List<ShopEvent> onDisk = new ArrayList<>();
        try (RecordedEvents events = RecordedEvents.open(
                List.of(file), RecordedEvents.Options.onlyEvents(rejects::add).withMemory(10_000, temp))) {
            assertThat(temp).isNotEmptyDirectory();
            onDisk.addAll(drain(events));
        }

        assertThat(onDisk).isEqualTo(inMemory).hasSize(20_000);
        assertThat(onDisk).extracting(ShopEvent::time).isSorted();
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void temporaryFilesGoAlsoWhenReadingStopsHalfWay() throws IOException {
        Path file = write("t.csv", "1,10,20,pv,1511544070\n".repeat(5_000));
        Path temp = Files.createDirectory(folder.resolve("temp"));
        try (RecordedEvents events = RecordedEvents.open(
                List.of(file), RecordedEvents.Options.onlyEvents(rejects::add).withMemory(10_000, temp))) {
            assertThat(events.next()).isNotNull();
        }

        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void whatCanNotBeReadAtAllIsSaidInOneLine() throws IOException {
        Path strange = write("strange.txt", "hello\nworld\n");
        Path incomplete = write("incomplete.csv", "event_time,event_type,product_id\n");
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertThatThrownBy(() -> open(strange))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("strange.txt: format not recognised; expected one of jsonl, rees46, taobao");
        assertThatThrownBy(() -> open(incomplete)).hasMessageContaining("the header has no column category_id");
        assertThatThrownBy(() -> open(empty)).hasMessageContaining("holds none of clicks.jsonl");
        assertThatThrownBy(() -> open(folder.resolve("missing.csv"))).hasMessageContaining("no such file or folder");
    }

    @Test
    void theFormatCanBeSaidAndAnEmptyFileIsAnEmptyStream() throws IOException {
        Path headless = write("part2.csv", "2019-10-01 00:00:00 UTC,view,100,900,,,1,u1,s1\n");
        try (RecordedEvents events = RecordedEvents.open(
                List.of(headless),
                RecordedEvents.Options.onlyEvents(rejects::add).withFormat(Format.REES46))) {
            assertThat(drain(events)).hasSize(1);
        }

        assertThat(events(write("nothing", ""))).isEmpty();
        assertThat(rejects).isEmpty();
    }

    @Test
    void encodedEventsComeBackAsTheyWere() throws IOException {
        ShopEvent view = ShopEvent.builder(EventType.VIEW_ITEM, "e1", 1_767_225_600_000L)
                .visitor("v")
                .sku("A")
                .category("c")
                .build();
        Path file = write("clicks-2026.jsonl", new String(EventEncoder.encode(view), StandardCharsets.UTF_8) + "\n");

        assertThat(events(file)).containsExactly(view);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private RecordedEvents open(Path file) throws IOException {
        return RecordedEvents.open(List.of(file), RecordedEvents.Options.onlyEvents(rejects::add));
    }

    private List<ShopEvent> events(Path file) throws IOException {
        try (RecordedEvents recorded = open(file)) {
            return drain(recorded);
        }
    }

    private static List<ShopEvent> drain(RecordedEvents recorded) throws IOException {
        List<ShopEvent> events = new ArrayList<>();
        for (ShopEvent event = recorded.nextEvent(); event != null; event = recorded.nextEvent()) {
            events.add(event);
        }
        return events;
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
            packed.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
