package io.shopwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
    private static final long SECOND = 1_000_000_000;

    @ParameterizedTest
    @CsvSource({
        "0, 1000, 0, '0 of 1,000 events, 0/s, 0 %'",
        // 250 in 2 s are 125/s; the other 750 take 6 s
        "250, 1000, 2, '250 of 1,000 events, 125/s, 25 %, 6s left'",
        "1000, 1000, 4, '1,000 of 1,000 events, 250/s, 100 %'",
        "1200, 1000, 4, '1,200 of 1,000 events, 300/s, 100 %'",
        "1, 7201, 1, '1 of 7,201 events, 1/s, 0 %, 2h left'",
        "5000, 0, 2, '5,000 events, 2,500/s'",
        "5000, -1, 2, '5,000 events, 2,500/s'",
    })
    void tellsRateShareAndTimeLeft(long done, long total, double seconds, String line) {
        assertThat(Progress.line(done, total, "events", seconds)).isEqualTo(line);
    }

    @Test
    void renewsItsLineFiveTimesASecondAtMost() {
        StringWriter terminal = new StringWriter();
        AtomicLong clock = new AtomicLong();
        try (Progress progress = new Progress(new PrintWriter(terminal), clock::get, "events", 100_000)) {
            for (int i = 0; i < 1_000; i++) {
                clock.addAndGet(SECOND / 1_000);
                progress.add(100);
            }
        }

        // At 1, 201, 401, 601 and 801 ms, and at the end.
        assertThat(terminal.toString().split("\r")).hasSize(1 + 6);
        assertThat(terminal.toString())
                .endsWith("\r100,000 of 100,000 events, 100,000/s, 100 %"
                        + " "
                                .repeat("80,100 of 100,000 events, 100,000/s, 80 %, 1s left".length()
                                        - "100,000 of 100,000 events, 100,000/s, 100 %".length())
                        + System.lineSeparator());
    }

    @Test
    void needsNoTerminal() {
        assertThatNoException().isThrownBy(() -> {
            try (Progress progress = new Progress(null, () -> 0, "events", 10)) {
                progress.update(5);
            }
        });
    }
}
