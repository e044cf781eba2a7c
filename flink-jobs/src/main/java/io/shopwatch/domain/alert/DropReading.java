package io.shopwatch.domain.alert;

/**
 * What a detector read off a series at one evaluation.
 *
 * @param verdict breached, good or neither
 * @param flood whether it is neither because visitors multiplied while conversions went on as usual
 * @param minutes length of the span that the figures are of
 * @param observed conversion within the span, in terms of the rule's window; NaN without a baseline
 * @param baseline conversion that was expected; NaN without a baseline
 * @param conversions conversions within the span
 * @param expected conversions expected within the span
 * @param entries visitors at the first step within the span
 * @param evidence normal deviate of the shortfall
 */
public record DropReading(
        Verdict verdict,
        boolean flood,
        int minutes,
        double observed,
        double baseline,
        double conversions,
        double expected,
        double entries,
        double evidence) {

    static final DropReading NOTHING = new DropReading(Verdict.NEITHER, false, 0, Double.NaN, Double.NaN, 0, 0, 0, 0);

    /** Percentage points below the baseline. */
    public double dropPoints() {
        return 100 * (baseline - observed);
    }

    /** What was counted, per minute of the span. */
    double perMinute() {
        return minutes == 0 ? 0 : conversions / minutes;
    }

    /** Probability that it is no accident: 1 − P(such a shortfall by chance), of one look. */
    public double confidence() {
        return 1 - Tails.normalUpper(evidence);
    }
}
