package io.shopwatch.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EvidenceThresholdTest {
    @Test
    void moreSeriesAndSmallerBudgetsAskForMoreEvidence() {
        double one = EvidenceThreshold.forBudget(1, 1, 10_000, 6, 360);
        double thirty = EvidenceThreshold.forBudget(1, 30, 10_000, 6, 360);
        double strict = EvidenceThreshold.forBudget(0.1, 30, 10_000, 6, 360);
        // Thirty series share what one has alone: e^(a²/2) grows about thirtyfold
        assertThat(one).isBetween(4.4, 4.9);
        assertThat(thirty).isBetween(5.2, 5.6).isGreaterThan(one);
        assertThat(strict).isGreaterThan(thirty);
    }

    @Test
    void theFormulaForetellsTheMeanTimeToAFalseAlarm() {
        // Standard normal steps, largest standardised sum over the last 6 to 60 steps, threshold 3.5
        Random random = new Random(5);
        double total = 0;
        int runs = 400;
        for (int run = 0; run < runs; run++) {
            double[] sums = new double[100_000];
            int step = 0;
            boolean alarm = false;
            while (!alarm && step < sums.length - 1) {
                step++;
                sums[step] = sums[step - 1] + random.nextGaussian();
                for (int span = 6; span <= 60 && span <= step && !alarm; span++) {
                    alarm = (sums[step] - sums[step - span]) / Math.sqrt(span) >= 3.5;
                }
            }
            total += step;
        }
        double simulated = total / runs;
        // an approximation for large thresholds; within a quarter already here
        assertThat(EvidenceThreshold.meanStepsToFalseAlarm(3.5, 6, 60)).isCloseTo(simulated, within(0.25 * simulated));
    }
}
