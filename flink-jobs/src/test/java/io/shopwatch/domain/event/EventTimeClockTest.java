package io.shopwatch.domain.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Out-of-orderness 1 s, silence after 500 ms, hold 2 s; the watermark is the event time less 1001 ms. */
class EventTimeClockTest {
    private static final long EVENT = 1_000_000_000_000L; // an old year
    private static final long WALL = 1_800_000_000_000L;

    private final Backlog backlog = new Backlog(Duration.ofMillis(500), Duration.ofMillis(500));
    private final EventTimeClock clock =
            new EventTimeClock(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofSeconds(2), backlog);

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

    @Test
    void waitsForWhatLiesUnreadHoweverLongTheReadingTakes() {
        liveUntil(WALL + 5000);
        backlog.read("clicks-0", 100, EVENT + 5000, WALL + 5000);
        backlog.read("orders-0", 7, EVENT + 4000, WALL + 5000);
        clock.heard(EVENT + 10_000_000, WALL + 5001); // of clicks
        for (long now = WALL + 5001; now <= WALL + 25_000; now += 20) {
            // 5 orders are unread, and nothing comes of them for 20 s
            backlog.extents(extents(100, 12), now, clock.eventTime(now), now);
            assertThat(clock.watermark(now)).isLessThanOrEqualTo(EVENT + 5000 - 1001);
        }
        backlog.read("orders-0", 12, EVENT + 9_000_000, WALL + 25_000);
        for (long now = WALL + 25_000; now <= WALL + 28_000; now += 20) {
            backlog.extents(extents(100, 12), now, clock.eventTime(now), now);
            clock.watermark(now);
        }
        // The silence of 20 s is over: 500 ms until it was noticed.
        assertThat(clock.watermark(WALL + 28_000)).isGreaterThanOrEqualTo(EVENT + 10_000_000 - 1001);
    }

    @Test
    void believesAJumpOnlyWhenAProbeHasLookedSince() {
        liveUntil(WALL + 5000);
        backlog.extents(extents(0, 0), WALL + 5000, clock.eventTime(WALL + 5000), WALL + 5000);
        clock.heard(EVENT + 10_000_000, WALL + 5001);
        for (long now = WALL + 5001; now <= WALL + 20_000; now += 20) {
            assertThat(clock.watermark(now)).isLessThan(EVENT + 12_000);
        }
        backlog.extents(extents(0, 0), WALL + 10_000, clock.eventTime(WALL + 10_000), WALL + 20_000);
        clock.watermark(WALL + 20_020);
        assertThat(clock.watermark(WALL + 20_020)).isGreaterThanOrEqualTo(EVENT + 10_000_000 - 1001);
    }

    @Test
    void waitsForTheFirstProbe() {
        backlog.begin(WALL);
        for (long now = WALL; now <= WALL + 20_000; now += 20) {
            clock.heard(EVENT, now);
            assertThat(clock.watermark(now)).isEqualTo(EventTimeClock.NONE);
        }
        backlog.extents(extents(0, 0), WALL + 19_000, clock.eventTime(WALL + 19_000), WALL + 20_020);
        assertThat(clock.watermark(WALL + 20_020)).isGreaterThanOrEqualTo(EVENT - 1001);
    }

    @Test
    void doesWithoutAProbeThatNoLongerAnswers() {
        liveUntil(WALL + 5000);
        backlog.extents(extents(0, 0), WALL + 5000, clock.eventTime(WALL + 5000), WALL + 5000);
        clock.heard(EVENT + 10_000_000, WALL + 5001);
        for (long now = WALL + 5001; now <= WALL + 40_000; now += 20) {
            clock.watermark(now);
        }
        assertThat(clock.watermark(WALL + 40_000)).isGreaterThanOrEqualTo(EVENT + 10_000_000 - 1001);
    }

    @Test
    void takesAPauseOfItsOwnProcessForNoSilence() {
        liveUntil(WALL + 5000);
        backlog.extents(extents(0, 0), WALL + 5000, clock.eventTime(WALL + 5000), WALL + 5000);
        // for 20 s nobody ran, and what was written meanwhile has not been read
        assertThat(clock.watermark(WALL + 25_000)).isEqualTo(EVENT + 5000 - 1001);
        backlog.extents(extents(0, 0), WALL + 25_010, clock.eventTime(WALL + 25_010), WALL + 25_100);
        clock.watermark(WALL + 25_100);
        for (int look = 0; look < 2; look++) { // the second knows that the first saw nothing
            backlog.extents(extents(0, 0), WALL + 28_000, clock.eventTime(WALL + 28_000), WALL + 28_000);
        }
        // but for a silence, where probes have seen that there is nothing: 23 s, less the half until it was noticed
        assertThat(clock.watermark(WALL + 28_000)).isEqualTo(EVENT + 5000 + 22_500 - 1001);
    }

    @Test
    void allowsAReplayToStumble() {
        long wall = WALL;
        for (long event = EVENT; event < EVENT + 3_600_000; event += 10_000) {
            wall += 20; // 500 times the wall clock's pace
            clock.heard(event, wall);
            clock.watermark(wall);
        }
        long newest = clock.newest();
        for (long now = wall; now <= wall + 2500; now += 20) {
            assertThat(clock.watermark(now)).isLessThanOrEqualTo(newest - 1001);
        }
        assertThat(clock.watermark(wall + 3500)).isEqualTo(newest + 1000 - 1001);
    }

    private static Map<String, Backlog.Extent> extents(long clicks, long orders) {
        return Map.of("clicks-0", new Backlog.Extent(0, clicks), "orders-0", new Backlog.Extent(0, orders));
    }
}
