package io.shopwatch.domain.alert;

/**
 * How strong evidence must be so that a rule keeps its budget of false alarms.
 *
 * <p>A rule looks at each series every few seconds, each time back over spans of many lengths; these looks share most
 * of their visitors, so they are far from independent and dividing the budget by their number would be much too
 * strict. For exactly such a scan (the largest standardised shortfall over all spans between a shortest and a longest)
 * Siegmund and Venkatraman (1995, "Using the generalized likelihood ratio statistic for sequential detection of a
 * change-point", Annals of Statistics 23) give the mean number of steps to a false alarm of threshold a; for changes in
 * one direction, as here, it is twice theirs for both:
 *
 * <pre>  ARL(a) ≈ 2 · √(2π) · e^(a²/2) / ( a · ∫ x·ν²(x) dx ),  x from a/√longest to a/√shortest,  ν(x) ≈ e^(−0.583·x)</pre>
 */
public final class EvidenceThreshold {
    private static final long WEEK_MILLIS = 7L * 24 * 3600 * 1000;

    /** 2 · 0.583: the exponent of ν². */
    private static final double C = 1.166;

    private EvidenceThreshold() {}

    /**
     * The normal deviate that a breach needs.
     *
     * @param falseAlarmsPerWeek budget of the whole rule, above 0
     * @param series series (transitions × segment values) that share the budget, at least 1
     * @param everyMillis time between evaluations
     * @param shortest shortest span in evaluations
     * @param longest longest span in evaluations
     */
    public static double forBudget(
            double falseAlarmsPerWeek, int series, long everyMillis, double shortest, double longest) {
        double steps = series * ((double) WEEK_MILLIS / everyMillis) / falseAlarmsPerWeek;
        double low = 1;
        double high = 12;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (meanStepsToFalseAlarm(middle, shortest, longest) < steps) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** ARL(a) of the class comment. */
    static double meanStepsToFalseAlarm(double a, double shortest, double longest) {
        double integral = antiderivative(a / Math.sqrt(shortest)) - antiderivative(a / Math.sqrt(longest));
        return 2 * Math.sqrt(2 * Math.PI) * Math.exp(a * a / 2) / (a * integral);
    }

    /** ∫ x·e^(−cx) dx = −e^(−cx)·(x/c + 1/c²). */
    private static double antiderivative(double x) {
        return -Math.exp(-C * x) * (x / C + 1 / (C * C));
    }
}
