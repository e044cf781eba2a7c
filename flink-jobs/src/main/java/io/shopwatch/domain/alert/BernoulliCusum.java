package io.shopwatch.domain.alert;

/**
 * The cumulative sum of Page (1954) for a proportion that falls from p₀ to p₁ = p₀ − drop:
 *
 * <pre>  S ← max(0, S + x·ln(p₁/p₀) + (n − x)·ln((1 − p₁)/(1 − p₀)))</pre>
 *
 * alarm at S ≥ h. No detector with the same rate of false alarms finds just that drop much faster (Moustakides 1986):
 * the measure for every other one.
 */
public final class BernoulliCusum {
    private final double p0;
    private final double perSuccess;
    private final double perFailure;
    private final double threshold;
    private double sum;

    /**
     * @param p0 proportion in control, above {@code drop} and below 1
     * @param drop fall to be found, above 0
     * @param threshold h
     */
    public BernoulliCusum(double p0, double drop, double threshold) {
        if (!(drop > 0 && drop < p0 && p0 < 1)) {
            throw new IllegalArgumentException("needs 0 < drop < p0 < 1, not drop " + drop + ", p0 " + p0);
        }
        this.p0 = p0;
        this.threshold = threshold;
        this.perSuccess = Math.log((p0 - drop) / p0);
        this.perFailure = Math.log((1 - p0 + drop) / (1 - p0));
    }

    /**
     * Takes in trials and their successes; both may be fractions.
     *
     * @return whether the alarm is on
     */
    public boolean add(double trials, double successes) {
        sum = Math.max(0, sum + successes * perSuccess + (trials - successes) * perFailure);
        return sum >= threshold;
    }

    /** S, 0 or more. */
    public double sum() {
        return sum;
    }

    /** Starts again from S = 0. */
    public void reset() {
        sum = 0;
    }

    /**
     * The h that gives that many trials to a false alarm on average when {@code batch} trials come at a time, by the
     * corrected diffusion approximation of Siegmund (1985, "Sequential Analysis", 2.56), with the exponent of log
     * likelihood ratios, which is exactly 1
     *
     * <pre>  ARL = (e^b − 1 − b) / |mean of a step| steps,  b = h + 1.166 · sd of a step</pre>
     */
    public static double thresholdFor(double p0, double drop, double batch, double trialsToFalseAlarm) {
        BernoulliCusum unit = new BernoulliCusum(p0, drop, 1);
        double mean = batch * (p0 * unit.perSuccess + (1 - p0) * unit.perFailure);
        double sd = Math.sqrt(batch * p0 * (1 - p0)) * Math.abs(unit.perSuccess - unit.perFailure);
        double low = 0;
        double high = 100;
        for (int i = 0; i < 60; i++) {
            double h = (low + high) / 2;
            double b = h + 1.166 * sd;
            double arl = (Math.expm1(b) - b) / Math.abs(mean) * batch;
            if (arl < trialsToFalseAlarm) {
                low = h;
            } else {
                high = h;
            }
        }
        return high;
    }

    /** The proportion in control. */
    public double p0() {
        return p0;
    }
}
