package io.shopwatch.bench;

import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.window.Scope;
import io.shopwatch.domain.window.SeriesKey;
import io.shopwatch.domain.window.SlidingSums;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Sums over sliding windows. */
@State(org.openjdk.jmh.annotations.Scope.Thread)
public class WindowsBenchmark {
    private static final int SERIES = 240;
    private static final int FIELDS = 16;
    private static final int PER_SECOND = 1000;

    private final SlidingSums sums = new SlidingSums(FIELDS, ZoneOffset.UTC);
    private final SeriesKey[] keys = new SeriesKey[SERIES];
    private final SplittableRandom random = new SplittableRandom(5);
    private long second = Traffic.START / 1000;

    /** Fills the longest window. */
    @Setup
    public void prepare(Blackhole results) {
        for (int i = 0; i < SERIES; i++) {
            keys[i] = new SeriesKey("purchase", Segment.CATEGORY, "category-" + i, null);
        }
        for (int i = 0; i < 3600; i++) {
            second(results);
        }
    }

    /** One change; a second has a thousand of them, spread over all series, and then all windows slide. */
    @Benchmark
    @OperationsPerInvocation(PER_SECOND)
    public void second(Blackhole results) {
        for (int i = 0; i < PER_SECOND; i++) {
            sums.add(
                    keys[random.nextInt(SERIES)],
                    random.nextInt(4),
                    second,
                    second - 1 - random.nextInt(3000),
                    1,
                    Scope.BOTH);
        }
        second++;
        sums.advanceTo(second * 1000, (end, view, changed) -> results.consume(changed));
    }
}
