package io.shopwatch.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvidenceTest {
    @ParameterizedTest
    @CsvSource({"0, 10, 120", "3, 12, 600", "55, 100, 1200", "1, 1, 10", "140, 100, 1200"})
    void aShortfallIsAsRareAsTheConditionalBinomialSays(int count, double expected, int baseline) {
        // Given 10 + 120 conversions and a share of 10/130 due later: P(X ≤ count)
        double tail = BinomialDistribution.of(count + baseline, expected / (expected + baseline))
                .cumulativeProbability(count);
        double z = NormalDistribution.of(0, 1).inverseSurvivalProbability(tail);
        assertThat(Evidence.ofShortfall(count, expected, baseline, 1)).isCloseTo(z, within(1e-4));
    }

    @Test
    void exactAndQuickEvidenceAgreeOnLargeCounts() {
        // 9,700 where 10,000 were due, on a baseline of 120,000: (10000 − 9700)/√(10000·(1 + 1/12)) = 2.88
        assertThat(Evidence.quickShortfall(9700, 10_000, 120_000, 1)).isCloseTo(2.882, within(0.001));
        assertThat(Evidence.ofShortfall(9700, 10_000, 120_000, 1)).isCloseTo(2.882, within(0.05));
    }

    @Test
    void whatScattersMoreIsLessSurprising() {
        double poisson = Evidence.ofShortfall(60, 100, 1200, 1);
        assertThat(Evidence.ofShortfall(60, 100, 1200, 4)).isCloseTo(poisson / 2, within(0.3));
        assertThat(Evidence.ofShortfall(60, 100, 1200, 0.5)).isGreaterThan(poisson);
    }

    @Test
    void nothingKnownIsNoEvidence() {
        assertThat(Evidence.ofShortfall(0, 0, 100, 1)).isZero();
        assertThat(Evidence.ofShortfall(0, 10, 0, 1)).isZero();
        assertThat(Evidence.twoProportions(1, 0, 1, 10)).isZero();
    }

    @Test
    void excessMirrorsShortfall() {
        assertThat(Evidence.ofExcess(160, 100, 1200, 1)).isGreaterThan(4);
        assertThat(Evidence.ofExcess(60, 100, 1200, 1)).isLessThan(-3);
    }

    @Test
    void twoProportionsIsTheTextbookStatistic() {
        // pooled 180/2000 = 0.09; (0.10 − 0.08)/√(0.09·0.91·2/1000) = 0.02/0.012798 = 1.5627
        assertThat(Evidence.twoProportions(100, 1000, 80, 1000)).isCloseTo(1.5627, within(1e-4));
    }

    @Test
    void inCalmTheEvidenceIsRarelyStrongerThanItClaims() {
        // Poisson counts of 20 on a baseline of 240: z ≥ 2 should come about in at most 2.3 % of 20,000 looks
        Random random = new Random(3);
        int strong = 0;
        for (int i = 0; i < 20_000; i++) {
            int baseline = poisson(random, 240);
            int count = poisson(random, 20);
            strong += Evidence.ofShortfall(count, baseline / 12.0, baseline, 1) >= 2 ? 1 : 0;
        }
        assertThat(strong / 20_000.0).isBetween(0.008, 0.026);
    }

    private static int poisson(Random random, double mean) {
        double limit = Math.exp(-mean);
        int count = 0;
        for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }
}
