package io.shopwatch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.event.Words;
import io.shopwatch.oracle.RandomShop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick way through a record, held against the thorough one. */
class PlainReaderTest {
    private static final long NOW = Instant.parse("2026-11-11T12:00:00Z").toEpochMilli();
    private static final Duration AHEAD = Duration.ofMinutes(5);

    /** What is written into records to break them, or not. */
    private static final List<String> SPLINTERS = List.of(
            "\"",
            "\\",
            "\\u00e9",
            "\\ud83d",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            " ",
            "\n",
            "\u0000",
            "0",
            "00",
            "1",
            "-1",
            ".",
            "0.5",
            "1.",
            "1e3",
            "12345678901234567890",
            "null",
            "true",
            "鞋",
            "👟",
            "",
            "\"\"",
            "\"eventId\":\"again\",",
            "\"quantity\":7,",
            "\"quantity\":0,",
            "\"quantity\":\"1\",",
            "\"unitPrice\":\"01\",",
            "\"unitPrice\":0.12345,",
            "\"unitPrice\":\"9.99\",",
            "\"unitPrice\":9.,",
            "\"unitPrice\":\".5\",",
            "\"eventTime\":\"2026-11-11T11:00:00Z\",",
            "\"eventTime\":1,",
            "\"eventTime\":99999999999999,",
            "\"sku\":\"\",",
            "\"sku\":null,",
            "\"category\":7,",
            "\"other\":1.5,",
            "\"other\":[1,{}],",
            "\"other\":01,",
            "\"type\":\"placed\",",
            "\"region\":\"浙江\",");

    @Test
    void readsEveryDamagedRecordAsTheThoroughWayDoes() {
        Random random = new Random(7);
        List<ShopEvent> events = RandomShop.events(
                new Random(1), NOW - 3_600_000, Duration.ofHours(1).toMillis(), 500);
        int accepted = 0;
        for (int i = 0; i < 40_000; i++) {
            ShopEvent event = events.get(random.nextInt(events.size()));
            EventDecoder decoder = new EventDecoder(event.stream(), random.nextBoolean() ? AHEAD : null);
            byte[] record = EventEncoder.encode(event);
            for (int n = random.nextInt(3); n > 0; n--) {
                record = damaged(random, record);
            }
            if (record.length == 0 || Utf8.firstInvalid(record) >= 0) {
                continue;
            }
            Decoded expected = decoder.decodeAny(record, NOW);
            assertThat(decoder.decode(record, NOW))
                    .as(new String(record, StandardCharsets.UTF_8))
                    .isEqualTo(expected);
            accepted += expected.isAccepted() ? 1 : 0;
        }
        // Both ways out are taken often enough to mean something.
        assertThat(accepted).isBetween(10_000, 36_000);
    }

    private static byte[] damaged(Random random, byte[] record) {
        byte[] splinter = SPLINTERS.get(random.nextInt(SPLINTERS.size())).getBytes(StandardCharsets.UTF_8);
        int at = random.nextInt(3) == 0 ? 1 : random.nextInt(record.length + 1);
        int cut = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(record, 0, Math.min(at, record.length));
        out.writeBytes(splinter);
        int rest = Math.min(record.length, at + cut);
        out.write(record, rest, record.length - rest);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"eventId\":\"e\",\"eventTime\":1794000000000,\"type\":\"page_view\",\"visitorId\":\"v\"}",
                " { \"eventId\" : \"e\" ,\n\"eventTime\":\"2026-11-07T00:00:00Z\",\"type\":\"search\",\"visitorId\":\"v\"}\r\n",
                "{\"url\":\"/shop?q=鞋\",\"px\":12.5,\"eventId\":\"e\",\"eventTime\":1794000000000,\"type\":\"search\",\"visitorId\":\"v\"}"
            })
    void takesPlainRecordsItself(String record) {
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        ShopEvent read = PlainReader.read(EventStream.CLICKS, bytes, NOW, new Words());
        assertThat(read)
                .isNotNull()
                .isEqualTo(new EventDecoder(EventStream.CLICKS, AHEAD)
                        .decodeAny(bytes, NOW)
                        .event());
    }
}
