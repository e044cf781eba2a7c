package io.shopwatch.domain.alert;

/**
 * The usual delay from one step to the next, as a small family of distributions of which the figures pick the likely
 * ones.
 *
 * <p>Conversions lag entries, so in a rising tide the flow of conversions over the flow of entries dips although
 * nobody behaves differently. What should be compared with conversions is not entries(t) but Σ entries(t′)·f(t − t′),
 * the entries that are due. Each candidate is an exponential delay of another mean, for which that sum is a recursive
 * filter. Which candidates fit shows when traffic changes; until then all of them are plausible, and a shortfall must
 * hold under each of them.
 */
final class DelayModel {
    /** Mean delays in seconds. */
    private static final double[] MEANS = {0, 20, 60, 120, 240, 480, 960};

    /** Number of candidates. */
    static final int CANDIDATES = MEANS.length;

    private DelayModel() {}

    /** Share of the entries due that one step of {@code stepSeconds} renews, for each candidate. */
    static double gain(int candidate, double stepSeconds) {
        return MEANS[candidate] == 0 ? 1 : -Math.expm1(-stepSeconds / MEANS[candidate]);
    }

    /** Whether a candidate of that mean delay may occur where everything is due after {@code maxSeconds}. */
    static boolean within(int candidate, double maxSeconds) {
        // An exponential delay is over, but for 5 %, after three means.
        return MEANS[candidate] * 3 <= maxSeconds || candidate == 0;
    }
}
