package io.shopwatch.domain.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {

    @Test
    void itsBoundsAreThoseOfItsName() {
        assertThat(Instant.ofEpochMilli(EventTime.MIN)).isEqualTo("2000-01-01T00:00:00Z");
        assertThat(Instant.ofEpochMilli(EventTime.MAX)).isEqualTo("9999-12-31T23:59:59.999Z");
    }

    // The examples of RFC 3339, section 5.8, and the corners of its grammar.
    @ParameterizedTest
    @CsvSource({
        "1985-04-12T23:20:50.52Z, 1985-04-12T23:20:50.520Z",
        "1996-12-19T16:39:57-08:00, 1996-12-20T00:39:57Z",
        "1990-12-31T23:59:60Z, 1991-01-01T00:00:00Z",
        "1990-12-31T15:59:60-08:00, 1991-01-01T00:00:00Z",
        "1937-01-01T12:00:27.87+00:20, 1937-01-01T11:40:27.870Z",
        "2026-11-11t00:00:00z, 2026-11-11T00:00:00Z",
        "2026-11-11 00:00:00-00:00, 2026-11-11T00:00:00Z",
        "2024-02-29T00:00:00.0009999999Z, 2024-02-29T00:00:00Z",
        "2026-11-11T00:00:00+23:59, 2026-11-10T00:01:00Z",
        "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z",
    })
    void readsRfc3339(String text, Instant expected) {
        assertThat(EventTime.parse(text)).hasValue(expected.toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-11",
                "2026-11-11T00:00Z",
                "2026-11-11T00:00:00",
                "2026-11-11T00:00:00.Z",
                "2026-11-11T00:00:00,5Z",
                "2026-11-11T00:00:00+0800",
                "2026-11-11T00:00:00+08",
                "2026-11-11T00:00:00+08:00:00",
                "2026-11-11T00:00:00+24:00",
                "2026-11-11T00:00:00+00:60",
                "2026-11-11T00:00:00UTC",
                "2026-11-11T00:00:00ZZ",
                "2026-11-11T24:00:00Z",
                "2026-11-11T00:60:00Z",
                "2026-11-11T00:00:60Z",
                "2026-13-11T00:00:00Z",
                "2026-00-11T00:00:00Z",
                "2026-11-31T00:00:00Z",
                "2026-02-29T00:00:00Z",
                "2026-11-00T00:00:00Z",
                "2026/11/11T00:00:00Z",
                "2026-11-11_00:00:00Z",
                "+026-11-11T00:00:00Z",
                "２026-11-11T00:00:00Z",
                "02026-11-11T00:00:00Z",
                "2026-11-11T00:00:00.1234567890123456789012345678901234567890123456789Z",
            })
    void readsNothingElse(String text) {
        assertThat(EventTime.parse(text)).isEmpty();
    }

    @Test
    void agreesWithTheJdkOnAnyTimeAndOffset() {
        Random random = new Random(3339);
        for (int i = 0; i < 20_000; i++) {
            Instant instant = Instant.ofEpochMilli(random.nextLong(EventTime.MIN, EventTime.MAX - 86_400_000));
            OffsetDateTime time =
                    instant.atOffset(ZoneOffset.ofTotalSeconds(60 * random.nextInt(-18 * 60, 18 * 60 + 1)));

            assertThat(EventTime.parse(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time)))
                    .hasValue(instant.toEpochMilli());
        }
    }
}
