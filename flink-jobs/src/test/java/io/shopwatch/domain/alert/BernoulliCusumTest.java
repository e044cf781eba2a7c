package io.shopwatch.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BernoulliCusumTest {
    @Test
    void addsTheLogLikelihoodRatioAndNeverFallsBelowZero() {
        BernoulliCusum cusum = new BernoulliCusum(0.10, 0.02, 100);
        cusum.add(1, 1); // ln(0.08/0.10) = −0.2231 → 0
        assertThat(cusum.sum()).isZero();
        cusum.add(10, 0); // 10·ln(0.92/0.90) = 0.2198
        assertThat(cusum.sum()).isCloseTo(0.2198, within(1e-4));
        cusum.add(10, 1); // + 9·0.021979 − 0.2231 = 0.1945
        assertThat(cusum.sum()).isCloseTo(0.1944, within(2e-4));
    }

    @Test
    void alarmsAtTheThreshold() {
        BernoulliCusum cusum = new BernoulliCusum(0.10, 0.02, 0.5);
        assertThat(cusum.add(20, 0)).isFalse();
        assertThat(cusum.add(3, 0)).isTrue(); // 23·0.021979 = 0.5055
        cusum.reset();
        assertThat(cusum.sum()).isZero();
    }

    @Test
    void theThresholdGivesTheMeanTimeToAFalseAlarmItWasMadeFor() {
        // 100 trials at a time, of which Binomial(100, 0.1) succeed; false alarm after 100,000 trials on average
        double h = BernoulliCusum.thresholdFor(0.10, 0.02, 100, 100_000);
        Random random = new Random(9);
        double total = 0;
        int runs = 300;
        for (int run = 0; run < runs; run++) {
            BernoulliCusum cusum = new BernoulliCusum(0.10, 0.02, h);
            int trials = 0;
            boolean alarm = false;
            while (!alarm) {
                int successes = 0;
                for (int i = 0; i < 100; i++) {
                    successes += random.nextDouble() < 0.10 ? 1 : 0;
                }
                trials += 100;
                alarm = cusum.add(100, successes);
            }
            total += trials;
        }
        assertThat(total / runs).isCloseTo(100_000, within(20_000.0));
    }

    @Test
    void refusesADropThatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BernoulliCusum(0.02, 0.02, 5));
    }
}
