package io.shopwatch.domain.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long EVENT = 1_000_000_000_000L;

    private final Backlog backlog = new Backlog();

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
        extents(Map.of("a", extent(0, 20), "b", extent(0, 20), "c", extent(0, 10)));
        assertThat(backlog.bound(NOW)).isEqualTo(EVENT + 20);
    }

    @Test
    void cannotTellTheTimeOfAPartitionThatHasGivenNothingYet() {
        backlog.read("a", 10, EVENT, NOW);
        extents(Map.of("a", extent(0, 10), "b", extent(5, 6)));
        assertThat(backlog.bound(NOW)).isEqualTo(Backlog.UNKNOWN);
        backlog.read("b", 6, EVENT - 1000, NOW);
        assertThat(backlog.bound(NOW)).isEqualTo(Backlog.NOTHING);
    }

    @Test
    void waitsForNothingWhereALogIsEmptyOrItsRecordsAreGone() {
        backlog.read("b", 3, EVENT, NOW);
        extents(Map.of("a", extent(0, 0), "b", extent(8, 8)));
        assertThat(backlog.bound(NOW)).isEqualTo(Backlog.NOTHING);
    }

    @Test
    void givesUpAPartitionThatStandsStill() {
        backlog.read("a", 10, EVENT, NOW);
        extents(Map.of("a", extent(0, 20)));
        assertThat(backlog.bound(NOW + Backlog.PATIENCE.toMillis())).isEqualTo(EVENT);
        assertThat(backlog.bound(NOW + Backlog.PATIENCE.toMillis() + 1)).isEqualTo(Backlog.NOTHING);
        backlog.read("a", 11, EVENT + 1, NOW + 60_000);
        assertThat(backlog.bound(NOW + 60_000)).isEqualTo(EVENT + 1);
    }

    @Test
    void doesNotWaitLongForASingleOffsetWhichMayBeTheMarkerOfATransaction() {
        backlog.read("a", 10, EVENT, NOW);
        extents(Map.of("a", extent(0, 11)));
        assertThat(backlog.bound(NOW)).isEqualTo(EVENT);
        assertThat(backlog.bound(NOW + Backlog.MARKER_PATIENCE.toMillis() + 1)).isEqualTo(Backlog.NOTHING);
    }

    @Test
    void forgetsAProbeThatHasNotAnsweredForLong() {
        backlog.extents(Map.of(), NOW - 5, NOW);
        assertThat(backlog.askedAt(NOW + Backlog.PATIENCE.toMillis())).isEqualTo(NOW - 5);
        assertThat(backlog.askedAt(NOW + Backlog.PATIENCE.toMillis() + 1)).isEqualTo(Backlog.UNKNOWN);
    }

    @Test
    void goesOnFromTheirPositionsInACheckpoint() {
        backlog.read("a", 10, EVENT, NOW);
        Backlog restored = new Backlog();
        backlog.positions().forEach((name, at) -> restored.read(name, at[0], at[1], NOW));
        restored.extents(Map.of("a", extent(0, 20)), NOW, NOW);
        assertThat(restored.bound(NOW)).isEqualTo(EVENT);
    }

    private void extents(Map<String, Backlog.Extent> extents) {
        backlog.extents(extents, NOW, NOW);
    }

    private static Backlog.Extent extent(long begin, long end) {
        return new Backlog.Extent(begin, end);
    }
}
