package io.shopwatch.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamHealthTest {
    /** Reports once a second; {@code carts} stop at {@code stop}. */
    private static StreamHealth run(double perSecond, long seconds, long stop) {
        StreamHealth health = new StreamHealth();
        for (long s = 1; s <= seconds; s++) {
            long now = s * 1000;
            long carts = (long) (Math.min(s, stop) * perSecond);
            long newest = (long) (carts / perSecond * 1000);
            health.note(
                    "funnel",
                    now,
                    now,
                    Map.of("carts", Map.of("accepted", carts), "clicks", Map.of("accepted", s * 50)),
                    Map.of("carts", newest, "clicks", now));
        }
        return health;
    }

    @Test
    void aBusyStreamIsSuspiciousWithinSeconds() {
        assertThat(run(10, 600, 600).suspicious("carts")).isFalse();
        assertThat(run(10, 600, 598).suspicious("carts")).isTrue(); // 2 s · 10/s = 20 missing
        assertThat(run(10, 600, 598).doubts()).isEqualTo("no carts for 2 s");
    }

    @Test
    void aQuietStreamMayRestAWhile() {
        assertThat(run(0.05, 3600, 3500).suspicious("carts")).isFalse(); // 100 s · 0.05/s = 5 missing
        assertThat(run(0.05, 3600, 3200).suspicious("carts")).isTrue(); // 400 s · 0.05/s = 20 missing
    }

    @Test
    void manyRejectedRecordsMakeFiguresDoubtful() {
        StreamHealth health = new StreamHealth();
        for (long s = 1; s <= 100; s++) {
            health.note(
                    "funnel",
                    s * 1000,
                    s * 1000,
                    Map.of("clicks", Map.of("accepted", s * 9, "dead_letter", s)),
                    Map.of("clicks", s * 1000));
        }
        assertThat(health.doubts()).isEqualTo("10.0 % of the records are late or rejected");
    }

    @Test
    void lagIsDoubtfulButAReplayOfAnOldYearIsNot() {
        StreamHealth health = new StreamHealth();
        health.note("funnel", 1_000_000, 1_060_000, Map.of(), Map.of());
        assertThat(health.doubts()).isEqualTo("event time is 1 min behind");
        health.note("funnel", 1_001_000, 1_001_000 + 30L * 86_400_000, Map.of(), Map.of());
        assertThat(health.doubts()).isEmpty();
    }
}
