package io.shopwatch.domain.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Partitions may be 500 ms behind, and are waited for 300 ms after their last event. */
class BacklogTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long EVENT = 1_000_000_000_000L;
    private static final long LATER = NOW + 1000;

    private final Backlog backlog = new Backlog(Duration.ofMillis(500), Duration.ofMillis(300));

    @Test
    void holdsNothingBeforeItKnowsOfAnything() {
        assertThat(backlog.bound(NOW)).isEqualTo(Backlog.NOTHING);
        assertThat(backlog.askedAt(NOW)).isEqualTo(Backlog.UNKNOWN);
    }

    @Test
    void holdsTimeAtTheNewestEventOfTheSlowestUnreadPartition() {
        backlog.read("a", 10, EVENT + 30, NOW);
        backlog.read("b", 10, EVENT + 20, NOW);
        backlog.read("c", 10, EVENT + 10, NOW);
        // c has been read to its end
        look(EVENT + 30, Map.of("a", extent(0, 20), "b", extent(0, 20), "c", extent(0, 10)), NOW);
        assertThat(backlog.bound(NOW)).isEqualTo(EVENT + 20);
    }

    @Test
    void holdsAQuietPartitionNoFurtherBackThanTheLookUpToWhichItHasBeenRead() {
        backlog.read("busy", 10, EVENT, NOW);
        backlog.read("quiet", 10, EVENT - 60_000, NOW - 60_000);
        look(EVENT, Map.of("busy", extent(0, 10), "quiet", extent(0, 10)), NOW);
        backlog.read("busy", 100, EVENT + 1000, LATER);
        assertThat(backlog.bound(LATER)).isEqualTo(EVENT);
        // A record came meanwhile: what was in the log at the look before is still all that is known to be read.
        look(EVENT + 1000, Map.of("busy", extent(0, 100), "quiet", extent(0, 11)), LATER);
        assertThat(backlog.bound(LATER)).isEqualTo(EVENT);
        backlog.read("quiet", 11, EVENT + 900, LATER);
        assertThat(backlog.bound(LATER)).isEqualTo(EVENT + 1000);
    }

    @Test
    void remembersTheLooksThatReadingHasNotReachedYet() {
        backlog.read("a", 10, EVENT, NOW);
        look(EVENT + 100, Map.of("a", extent(0, 20)), NOW);
        look(EVENT + 200, Map.of("a", extent(0, 30)), NOW);
        backlog.read("a", 20, EVENT, NOW);
        assertThat(backlog.bound(NOW)).isEqualTo(EVENT + 100);
        backlog.read("a", 30, EVENT, NOW);
        assertThat(backlog.bound(NOW)).isEqualTo(EVENT + 200);
    }

    @Test
    void reachesTheLastLookHoweverManyThereWereInALongBacklog() {
        backlog.read("a", 10, EVENT, NOW);
        for (int i = 1; i <= 1000; i++) {
            look(EVENT + i, Map.of("a", extent(0, 10 + i)), NOW);
        }
        backlog.read("a", 1010, EVENT, NOW);
        assertThat(backlog.bound(NOW)).isEqualTo(EVENT + 1000);
    }

    @Test
    void waitsForAPartitionThatIsBehindAsLongAsItGivesEvents() {
        backlog.read("ahead", 10, EVENT, NOW);
        backlog.read("behind", 10, EVENT - 501, NOW);
        look(EVENT, Map.of("ahead", extent(0, 10), "behind", extent(0, 10)), NOW);
        assertThat(backlog.bound(NOW + 300)).isEqualTo(EVENT - 501);
        assertThat(backlog.bound(NOW + 301)).isEqualTo(EVENT);
    }

    @Test
    void cannotTellTheTimeOfAPartitionThatHasGivenNothingYet() {
        backlog.read("a", 10, EVENT, NOW);
        look(EVENT, Map.of("a", extent(0, 10), "b", extent(5, 6)), NOW);
        assertThat(backlog.bound(NOW)).isEqualTo(Backlog.UNKNOWN);
        backlog.read("b", 6, EVENT - 100, NOW);
        assertThat(backlog.bound(NOW)).isEqualTo(EVENT);
    }

    @Test
    void waitsForNothingWhereALogIsEmptyOrItsRecordsAreGone() {
        backlog.read("b", 3, EVENT, NOW);
        look(EVENT + 7, Map.of("a", extent(0, 0), "b", extent(8, 8)), NOW);
        assertThat(backlog.bound(NOW)).isEqualTo(EVENT + 7);
    }

    @Test
    void givesUpAPartitionThatStandsStill() {
        backlog.read("a", 10, EVENT, NOW);
        look(EVENT, Map.of("a", extent(0, 20)), NOW);
        assertThat(backlog.bound(NOW + 30_000)).isEqualTo(EVENT);
        look(EVENT, Map.of("a", extent(0, 20)), NOW + 30_000);
        assertThat(backlog.bound(NOW + 30_001)).isEqualTo(Backlog.NOTHING);
        backlog.read("a", 11, EVENT + 1, NOW + 60_000);
        assertThat(backlog.bound(NOW + 60_000)).isEqualTo(EVENT + 1);
    }

    @Test
    void waitsForARecordThatComesAfterALongSilence() {
        backlog.read("a", 10, EVENT, NOW - 3_600_000);
        look(EVENT, Map.of("a", extent(0, 10)), NOW);
        look(EVENT + 1000, Map.of("a", extent(0, 11)), LATER);
        assertThat(backlog.bound(LATER)).isEqualTo(EVENT);
    }

    @Test
    void doesNotWaitLongForASingleOffsetWhichMayBeTheMarkerOfATransaction() {
        backlog.read("a", 10, EVENT, NOW);
        look(EVENT, Map.of("a", extent(0, 11)), NOW);
        assertThat(backlog.bound(NOW + 2000)).isEqualTo(EVENT);
        assertThat(backlog.bound(NOW + 2001)).isEqualTo(Backlog.NOTHING);
    }

    @Test
    void forgetsAProbeThatHasNotAnsweredForLong() {
        look(EVENT, Map.of("a", extent(0, 20)), NOW);
        assertThat(backlog.bound(NOW + 30_000)).isEqualTo(Backlog.UNKNOWN);
        assertThat(backlog.askedAt(NOW + 30_000)).isEqualTo(NOW - 5);
        assertThat(backlog.askedAt(NOW + 30_001)).isEqualTo(Backlog.UNKNOWN);
        assertThat(backlog.bound(NOW + 30_001)).isEqualTo(Backlog.NOTHING);
    }

    @Test
    void goesOnFromTheirPositionsInACheckpoint() {
        backlog.read("a", 10, EVENT, NOW);
        Backlog restored = new Backlog(Duration.ofMillis(500), Duration.ofMillis(300));
        backlog.positions().forEach((name, at) -> restored.read(name, at[0], at[1], NOW));
        restored.extents(Map.of("a", extent(0, 20)), NOW, EVENT + 5, NOW);
        assertThat(restored.bound(NOW)).isEqualTo(EVENT);
    }

    private void look(long eventTime, Map<String, Backlog.Extent> extents, long now) {
        backlog.extents(extents, now - 5, eventTime, now);
    }

    private static Backlog.Extent extent(long begin, long end) {
        return new Backlog.Extent(begin, end);
    }
}
