package io.shopwatch.domain.alert;

/**
 * How surprising a count is beside an earlier one, as the standard normal deviate that is as rare: 0 is no surprise,
 * 5 happens by chance once in 3.5 million looks.
 *
 * <p>Conversions of two spans are compared as Przyborowski and Wilenski (1940) do: given how many there are together,
 * the later ones are binomial with the share of expected conversions that the later span has. That is exact for small
 * counts and carries the uncertainty of the baseline. Counts that scatter more (or less) than Poisson by the factor
 * {@code dispersion} are divided by it first, which keeps mean and variance in step (quasi-likelihood, McCullagh 1983).
 */
public final class Evidence {
    private Evidence() {}

    /**
     * Evidence that a count fell short.
     *
     * @param count what was counted
     * @param expected what the baseline says, in the same unit
     * @param baselineCount the count on which the baseline stands; the larger, the surer
     * @param dispersion variance over mean of such counts
     * @return the normal deviate, negative where the count is above what was expected; 0 where nothing is known
     */
    public static double ofShortfall(double count, double expected, double baselineCount, double dispersion) {
        if (expected <= 0 || baselineCount <= 0) {
            return 0;
        }
        double trials = (count + baselineCount) / dispersion;
        double share = expected / (expected + baselineCount);
        return deviate(Tails.binomialAtMost(count / dispersion, trials, share));
    }

    /** Evidence that a count is in excess; the mirror of {@link #ofShortfall}. */
    public static double ofExcess(double count, double expected, double baselineCount, double dispersion) {
        if (expected <= 0 || baselineCount <= 0) {
            return 0;
        }
        double trials = (count + baselineCount) / dispersion;
        double share = expected / (expected + baselineCount);
        return deviate(Tails.binomialAtLeast(count / dispersion, trials, share));
    }

    private static double deviate(double tail) {
        if (tail <= 0) {
            return 37;
        }
        return tail >= 1 ? -37 : Tails.normalQuantileUpper(tail);
    }

    /**
     * The quick look: how many standard deviations the count lies below what was expected, with the baseline's own
     * uncertainty. Good for large counts, and an overestimate of how rare a shortfall of a small count is not: Poisson
     * tails below the mean are lighter than normal ones.
     */
    public static double quickShortfall(double count, double expected, double baselineCount, double dispersion) {
        if (expected <= 0 || baselineCount <= 0) {
            return 0;
        }
        return (expected - count) / Math.sqrt(dispersion * expected * (1 + expected / baselineCount));
    }

    /**
     * The two-proportion z statistic with pooled variance, positive where the second proportion is smaller.
     *
     * @param successes0 successes of the first sample
     * @param trials0 trials of the first sample
     * @param successes1 successes of the second sample
     * @param trials1 trials of the second sample
     */
    public static double twoProportions(double successes0, double trials0, double successes1, double trials1) {
        if (trials0 <= 0 || trials1 <= 0) {
            return 0;
        }
        double pooled = (successes0 + successes1) / (trials0 + trials1);
        double variance = pooled * (1 - pooled) * (1 / trials0 + 1 / trials1);
        return variance <= 0 ? 0 : (successes0 / trials0 - successes1 / trials1) / Math.sqrt(variance);
    }
}
