package io.shopwatch.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    @Test
    void noMinuteHoldsMoreThanTheLimitAndNoneLessThanItCould() {
        Random random = new Random(3);
        for (int limit : new int[] {1, 2, 20}) {
            RateLimit rate = new RateLimit(limit);
            Instant now = Instant.EPOCH;
            List<Instant> sent = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                now = now.plusMillis(random.nextInt(8000));
                if (rate.free().isAfter(now)) {
                    // not free means: the limit is used up within the last minute
                    assertThat(within(sent, now)).isEqualTo(limit);
                    now = rate.free();
                }
                rate.used(now);
                sent.add(now);
                assertThat(within(sent, now)).isLessThanOrEqualTo(limit);
            }
        }
    }

    private static long within(List<Instant> sent, Instant now) {
        return sent.stream()
                .filter(time -> time.isAfter(now.minus(Duration.ofMinutes(1))))
                .count();
    }

    @Test
    void nonsenseLimitsStillLetOneMessagePass() {
        assertThat(new RateLimit(0).free()).isEqualTo(Instant.MIN);
        assertThat(new RateLimit(-5).free()).isEqualTo(Instant.MIN);
    }
}
