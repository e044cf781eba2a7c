package io.shopwatch.bench;

import io.shopwatch.domain.alert.DropDetector;
import io.shopwatch.domain.alert.DropReading;
import io.shopwatch.domain.alert.RateHistory;
import java.time.Duration;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Judging the conversion of one series, as a rule does for every series at every evaluation. */
@State(Scope.Thread)
public class DetectorBenchmark {
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final double ENTRIES = 600;
    private static final double RATE = 0.1;
    private static final double THRESHOLD = 5;

    private final DropDetector detector = new DropDetector(2.0, null, 1.0, true);
    private final RateHistory history =
            new RateHistory(EVERY.toMillis(), Duration.ofHours(1).toMillis(), EVERY.toMillis());
    private final SplittableRandom random = new SplittableRandom(3);
    private long end = Traffic.START;

    /** Three calm hours. */
    @Setup
    public void prepare() {
        for (int i = 0; i < 3 * 360; i++) {
            sample();
        }
    }

    private void sample() {
        end += EVERY.toMillis();
        double conversions = Math.rint(ENTRIES * RATE + random.nextDouble(-8, 8));
        history.add(end, ENTRIES, conversions, 5 * ENTRIES, 5 * conversions, true, true);
    }

    /** A sample comes in, and the series is judged. */
    @Benchmark
    public DropReading look() {
        sample();
        return detector.look(history, null, THRESHOLD, 0);
    }
}
