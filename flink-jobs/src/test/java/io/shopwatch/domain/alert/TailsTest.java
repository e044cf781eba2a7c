package io.shopwatch.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TailsTest {
    @Test
    void binomialTailsAgreeWithAnIndependentLibrary() {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            int trials = 1 + random.nextInt(i % 2 == 0 ? 60 : 50_000);
            double p = 0.001 + 0.998 * random.nextDouble();
            double sd = Math.sqrt(trials * p * (1 - p));
            int k = (int) Math.max(0, Math.min(trials, Math.round(trials * p + 4 * sd * random.nextGaussian())));
            BinomialDistribution oracle = BinomialDistribution.of(trials, p);
            assertThat(Tails.binomialAtMost(k, trials, p))
                    .as("P(X ≤ %d), n %d, p %f", k, trials, p)
                    .isCloseTo(oracle.cumulativeProbability(k), Percentage.withPercentage(1e-5));
            assertThat(Tails.binomialAtLeast(k, trials, p))
                    .as("P(X ≥ %d), n %d, p %f", k, trials, p)
                    .isCloseTo(k == 0 ? 1 : oracle.survivalProbability(k - 1), Percentage.withPercentage(1e-5));
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "0.5", "1.96", "1.9999", "2.0001", "3", "5", "8", "-0.7", "-3"})
    void normalTailAgreesWithAnIndependentLibrary(double z) {
        double expected = NormalDistribution.of(0, 1).survivalProbability(z);
        assertThat(Tails.normalUpper(z)).isCloseTo(expected, Percentage.withPercentage(1e-7));
        assertThat(Tails.normalQuantileUpper(expected)).isCloseTo(z, within(1e-6));
    }

    @Test
    void theQuantileReachesFarIntoTheTail() {
        // φ-tail of 37 is about 6·10⁻³⁰⁰; beyond that a double has nothing left to tell apart
        assertThat(Tails.normalQuantileUpper(1e-100)).isCloseTo(21.273, within(0.001));
        assertThat(Tails.normalQuantileUpper(1e-299)).isEqualTo(37);
    }
}
