package io.shopwatch.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "120, 120",
        "' 0 ', 0",
        "'Mon, 23 Nov 2026 20:01:30 GMT', 90",
        "'Mon, 23 Nov 2026 19:00:00 GMT', 0",
        "99999999999999999999, 86400",
        "864000, 86400",
        "'Fri, 31 Dec 2100 23:59:59 GMT', 86400"
    })
    void readsSecondsAndDates(String header, long seconds) {
        assertThat(RetryAfter.parse(header, NOW)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource(
            value = {"NULL", "''", "soon", "-5", "1.5", "'Mon, 32 Nov 2026 20:01:30 GMT'", "٣"},
            nullValues = "NULL")
    void ignoresWhatItCannotRead(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isNull();
    }
}
