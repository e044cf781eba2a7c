package io.shopwatch.domain.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S, 500ms",
        "1s, PT1S, 1s",
        "90s, PT90S, 1m30s",
        "5m, PT5M, 5m",
        "1h, PT1H, 1h",
        "1h30m, PT90M, 1h30m",
        "30d, PT720H, 30d",
        "0, PT0S, 0s",
        "0s, PT0S, 0s",
        "36525d, PT876600H, 36525d",
    })
    void readsAndWritesDurations(String text, Duration duration, String shortest) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
        assertThat(Durations.format(duration)).isEqualTo(shortest);
        assertThat(Durations.parse(shortest)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "5", "-1s", "1 s", "1S", "1w", "PT1S", "1.5h", "s", "1hx", "٣s", "9999999999999999999s"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a duration such as 500ms, 1s, 5m, 1h or 30d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"36525d1ms", "999999999999999999d", "999999999999999999d999999999999999999d"})
    void refusesMoreThanAHundredYears(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a duration of at most 100 years");
    }
}
