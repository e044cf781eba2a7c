package io.shopwatch.domain.alert;

/**
 * The usual delay from one step to the next, as a small family of distributions of which the figures pick the likely
 * ones.
 *
 * <p>Conversions lag entries, so in a rising tide the flow of conversions over the flow of entries dips although
 * nobody behaves differently. What should be compared with conversions is not entries(t) but Σ entries(t′)·f(t − t′),
 * the entries that are due. The candidates are exponential delays of different means, and sums of three exponentials
 * for stretches of several steps, which take a while before the first arrives; for these that sum is a recursive
 * filter. Which candidates fit shows when traffic changes; until then all of them are plausible, and a shortfall must
 * hold under each of them.
 */
final class DelayModel {
    /** Mean delays in seconds. */
    private static final double[] MEANS = {0, 20, 60, 120, 240, 480, 960, 60, 120, 240, 480, 960};

    /** From here on the candidates are sums of three exponentials. */
    private static final int FIRST_OF_THREE = 7;

    /** Number of candidates. */
    static final int CANDIDATES = MEANS.length;

    private DelayModel() {}

    /** Most exponentials that a candidate is the sum of. */
    static final int STAGES = 3;

    /** Exponentials that the candidate is the sum of. */
    static int stages(int candidate) {
        return candidate < FIRST_OF_THREE ? 1 : STAGES;
    }

    /** Mean delay in seconds. */
    static double mean(int candidate) {
        return MEANS[candidate];
    }

    /** Whether two candidates are close: means at most a factor of two apart, whatever the shape. */
    static boolean near(int one, int other) {
        double larger = Math.max(20, Math.max(MEANS[one], MEANS[other]));
        double smaller = Math.max(20, Math.min(MEANS[one], MEANS[other]));
        return larger <= 2.01 * smaller;
    }

    /** Share of a stage that one step of {@code stepSeconds} renews. */
    static double gain(int candidate, double stepSeconds) {
        return MEANS[candidate] == 0 ? 1 : -Math.expm1(-stepSeconds * stages(candidate) / MEANS[candidate]);
    }

    /** Whether a candidate of that mean delay may occur where everything is due after {@code maxSeconds}. */
    static boolean within(int candidate, double maxSeconds) {
        // An exponential delay is over, but for 5 %, after three means.
        return MEANS[candidate] * 3 <= maxSeconds || candidate == 0;
    }
}
