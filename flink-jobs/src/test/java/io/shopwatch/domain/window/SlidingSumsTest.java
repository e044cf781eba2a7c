package io.shopwatch.domain.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.Segment;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlidingSumsTest {
    private static final SeriesKey KEY = new SeriesKey("visits", Segment.ALL, "all", null);

    private final List<Long> ends = new ArrayList<>();
    private final Map<Window, Long> latest = new HashMap<>();

    private void listen(long end, SlidingSums.View view, List<SlidingSums.Changed> changed) {
        ends.add(end / 1000);
        for (Window window : Window.values()) {
            latest.put(window, view.sums(KEY, window)[0]);
        }
    }

    @Test
    void countsAPaneInEveryWindowUntilItLeaves() {
        SlidingSums sums = new SlidingSums(1, ZoneOffset.UTC);
        sums.add(KEY, 0, 100, SlidingSums.NONE, 7, Scope.BOTH);
        sums.advanceTo(200_000, this::listen);
        // pane 100 is in [41, 101) … [100, 160) of the minute window: it shows at 101 and leaves at 161
        assertThat(ends).containsExactly(101L, 161L);
        assertThat(latest)
                .containsEntry(Window.ONE_MINUTE, 0L)
                .containsEntry(Window.FIVE_MINUTES, 7L)
                .containsEntry(Window.TODAY, 7L);
    }

    @Test
    void movesADistinctVisitorInsteadOfCountingTwice() {
        SlidingSums sums = new SlidingSums(1, ZoneOffset.UTC);
        sums.add(KEY, 0, 100, SlidingSums.NONE, 1, Scope.BOTH);
        sums.add(KEY, 0, 130, 100, 1, Scope.BOTH);
        sums.advanceTo(185_000, this::listen);
        assertThat(latest).containsEntry(Window.ONE_MINUTE, 1L).containsEntry(Window.TODAY, 1L);
        sums.advanceTo(191_000, this::listen);
        // the last hit, pane 130, leaves the minute window at 191
        assertThat(latest).containsEntry(Window.ONE_MINUTE, 0L).containsEntry(Window.FIVE_MINUTES, 1L);
    }

    @Test
    void keepsLateAmountsOutOfSlidingWindows() {
        SlidingSums sums = new SlidingSums(1, ZoneOffset.UTC);
        sums.add(KEY, 0, 100, SlidingSums.NONE, 1, Scope.BOTH);
        sums.advanceTo(102_000, this::listen);
        sums.add(KEY, 0, 50, SlidingSums.NONE, 5, Scope.TODAY);
        sums.advanceTo(103_000, this::listen);
        assertThat(ends).containsExactly(101L, 103L);
        assertThat(latest).containsEntry(Window.ONE_MINUTE, 1L).containsEntry(Window.TODAY, 6L);
    }

    @Test
    void forgetsALateAmountOfADayThatIsOver() {
        SlidingSums sums = new SlidingSums(1, ZoneOffset.UTC);
        sums.add(KEY, 0, 86_400, SlidingSums.NONE, 1, Scope.BOTH);
        sums.advanceTo(86_401_000, this::listen);
        sums.add(KEY, 0, 86_399, SlidingSums.NONE, 5, Scope.TODAY);
        sums.advanceTo(86_402_000, this::listen);
        assertThat(latest).containsEntry(Window.TODAY, 1L);
    }

    @Test
    void beginsTodayAtMidnightOfTheShop() {
        ZoneId zone = ZoneId.of("Asia/Shanghai");
        long midnight = Instant.parse("2025-11-10T16:00:00Z").getEpochSecond(); // 00:00 on 11 November there
        SlidingSums sums = new SlidingSums(1, zone);
        sums.add(KEY, 0, midnight - 10, SlidingSums.NONE, 3, Scope.BOTH);
        sums.add(KEY, 0, midnight + 5, SlidingSums.NONE, 4, Scope.BOTH);
        sums.advanceTo(midnight * 1000, this::listen);
        // the window that ends at midnight is still the old day, whole
        assertThat(latest).containsEntry(Window.TODAY, 3L);
        sums.advanceTo((midnight + 1) * 1000, this::listen);
        assertThat(latest).containsEntry(Window.TODAY, 0L).containsEntry(Window.ONE_MINUTE, 3L);
        sums.advanceTo((midnight + 6) * 1000, this::listen);
        assertThat(latest).containsEntry(Window.TODAY, 4L).containsEntry(Window.ONE_MINUTE, 7L);
    }

    @Test
    void crossesTwentyEmptyYearsAtOnceAndEndsEmpty() {
        SlidingSums sums = new SlidingSums(1, ZoneOffset.UTC);
        sums.add(KEY, 0, 100, SlidingSums.NONE, 1, Scope.BOTH);
        long twentyYears = 20L * 366 * 86_400;
        sums.add(KEY, 0, twentyYears, SlidingSums.NONE, 1, Scope.BOTH);
        sums.advanceTo((twentyYears + 90_000) * 1000, this::listen);
        assertThat(ends)
                .startsWith(101L, 161L, 401L, 3701L, 86_401L, twentyYears + 1)
                .hasSize(10);
        assertThat(sums.size()).isZero();
    }

    @Test
    void agreesWithBruteForceAndSurvivesBeingWrittenAndReadAtAnyTime() throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            ZoneId zone = ZoneId.of("Europe/Berlin");
            long start = Instant.parse("2025-10-25T21:30:00Z").getEpochSecond(); // summer time ends that night
            SlidingSums sums = new SlidingSums(1, zone);
            Map<String, Long> lastHit = new HashMap<>();
            List<long[]> hits = new ArrayList<>(); // pane, visitor
            Map<String, Map<Window, Long>> reported = new HashMap<>();
            for (long pane = start; pane < start + 9000; pane++) {
                for (int n = random.nextInt(20) == 0 ? random.nextInt(4) : 0; n > 0; n--) {
                    int visitor = random.nextInt(12);
                    Long previous = lastHit.put("v" + visitor, pane);
                    if (previous == null || previous != pane) {
                        sums.add(KEY, 0, pane, previous == null ? SlidingSums.NONE : previous, 1, Scope.BOTH);
                    }
                    hits.add(new long[] {pane, visitor});
                }
                if (random.nextInt(7) != 0) {
                    continue; // the watermark moves by several seconds at once
                }
                sums.advanceTo(
                        (pane + 1) * 1000,
                        (end, view, changed) -> changed.forEach(change -> {
                            for (Window window : Window.values()) {
                                reported.computeIfAbsent("r", k -> new HashMap<>())
                                        .put(window, view.sums(KEY, window)[0]);
                            }
                        }));
                if (random.nextInt(50) == 0) {
                    sums = SlidingSums.read(sums.write().toBytes(), 1, zone);
                }
                long midnight = Instant.ofEpochSecond(pane)
                        .atZone(zone)
                        .toLocalDate()
                        .atStartOfDay(zone)
                        .toEpochSecond();
                for (Window window : Window.values()) {
                    long from = window == Window.TODAY ? midnight : pane + 1 - window.panes();
                    long upTo = pane;
                    long expected = hits.stream()
                            .filter(hit -> hit[0] >= from && hit[0] <= upTo)
                            .mapToLong(hit -> hit[1])
                            .distinct()
                            .count();
                    long actual = reported.getOrDefault("r", Map.of()).getOrDefault(window, 0L);
                    assertThat(actual)
                            .as("seed %d, window %s at %d", seed, window, pane)
                            .isEqualTo(expected);
                }
            }
        }
    }
}
