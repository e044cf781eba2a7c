package io.shopwatch.serve;

/** Delays in buckets, in seconds. Not safe for use by several threads. */
final class DelayHistogram {

    // A pane lasts one second and a result follows it, so most delays lie between 1 and 3 s.
    private static final double[] UPPER_BOUNDS = {
        0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5, 7.5, 10, 20, 30, Double.POSITIVE_INFINITY
    };

    private final long[] counts = new long[UPPER_BOUNDS.length];
    private double sum;

    void observe(double seconds) {
        int bucket = 0;
        while (seconds > UPPER_BOUNDS[bucket]) {
            bucket++;
        }
        counts[bucket]++;
        sum += seconds;
    }

    int buckets() {
        return UPPER_BOUNDS.length;
    }

    double upperBound(int bucket) {
        return UPPER_BOUNDS[bucket];
    }

    /** Observations of this bucket alone. */
    long countOf(int bucket) {
        return counts[bucket];
    }

    double sum() {
        return sum;
    }
}
