package io.shopwatch.domain.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Out-of-orderness 1 s, silence after 500 ms, hold 2 s; the watermark is the event time less 1001 ms. */
class EventTimeClockTest {
    private static final long EVENT = 1_000_000_000_000L; // an old year
    private static final long WALL = 1_800_000_000_000L;

    private final EventTimeClock clock =
            new EventTimeClock(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofSeconds(2));

    private void liveUntil(long wall) {
        for (long now = WALL; now <= wall; now += 100) {
            clock.heard(EVENT + now - WALL, now);
            clock.watermark(now);
        }
    }

    @Test
    void isSilentBeforeTheFirstEventHasBeenHeld() {
        assertThat(clock.watermark(WALL)).isEqualTo(EventTimeClock.NONE);
        clock.heard(EVENT, WALL);
        assertThat(clock.watermark(WALL)).isEqualTo(EventTimeClock.NONE);
        assertThat(clock.watermark(WALL + 1900)).isEqualTo(EventTimeClock.NONE);
    }

    @Test
    void followsLiveEventsWithoutDelay() {
        liveUntil(WALL + 5000);
        // newest event EVENT + 5000
        assertThat(clock.watermark(WALL + 5000)).isEqualTo(EVENT + 5000 - 1001);
    }

    @Test
    void goesOnAtTheWallClocksPaceWhenEverythingIsSilent() {
        liveUntil(WALL + 5000);
        assertThat(clock.watermark(WALL + 5400)).isEqualTo(EVENT + 5000 - 1001); // not yet a silence
        for (long now = WALL + 5400; now <= WALL + 60_000; now += 20) {
            clock.watermark(now);
        }
        // 55 s of silence, less the half second until it was noticed
        assertThat(clock.watermark(WALL + 60_000)).isEqualTo(EVENT + 5000 + 54_500 - 1001);
    }

    @Test
    void comesBackToTheEventsThatArriveLateAfterAStall() {
        liveUntil(WALL + 5000);
        for (long now = WALL + 5000; now < WALL + 15_000; now += 20) {
            clock.watermark(now); // nothing arrives for 10 s, so the watermark goes on to EVENT + 14 480 - 1001
        }
        for (long now = WALL + 15_000; now <= WALL + 35_000; now += 20) {
            clock.heard(EVENT + now - WALL - 5000, now); // live again, 5 s behind
            clock.watermark(now);
        }
        // newest event EVENT + 35 000 − 5000; no longer ahead of it
        assertThat(clock.watermark(WALL + 35_000)).isEqualTo(EVENT + 30_000 - 1001);
    }

    @Test
    void holdsAJumpUntilOtherStreamsAreHeard() {
        liveUntil(WALL + 5000);
        clock.heard(EVENT + 10_000_000, WALL + 5001);
        long before = clock.watermark(WALL + 5001);
        assertThat(before).isLessThan(EVENT + 10_000);
        for (long now = WALL + 5001; now < WALL + 6900; now += 20) {
            assertThat(clock.watermark(now)).isLessThan(EVENT + 12_000);
        }
        for (long now = WALL + 6900; now <= WALL + 7200; now += 20) {
            clock.watermark(now);
        }
        assertThat(clock.watermark(WALL + 7200)).isGreaterThanOrEqualTo(EVENT + 10_000_000 - 1001);
    }

    @Test
    void neverGoesBack() {
        liveUntil(WALL + 5000);
        long before = clock.watermark(WALL + 5000);
        clock.heard(EVENT - 1_000_000, WALL + 5010);
        assertThat(clock.watermark(WALL + 5020)).isGreaterThanOrEqualTo(before);
    }

    @Test
    void waitsAfterARestartForTheSourcesToGoOn() {
        clock.restore(EVENT, WALL);
        for (long now = WALL; now <= WALL + 10_000; now += 20) {
            assertThat(clock.watermark(now)).isLessThanOrEqualTo(EVENT - 1001);
        }
        for (long now = WALL + 10_000; now <= WALL + 20_500; now += 20) {
            clock.watermark(now);
        }
        assertThat(clock.watermark(WALL + 20_500)).isEqualTo(EVENT + 10_000 - 1001);
    }
}
