package io.shopwatch.domain.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormalQuantileTest {
    private static final NormalDistribution REFERENCE = NormalDistribution.of(0, 1);

    @Test
    void agreesWithAnIndependentImplementationInCentreMiddleAndTails() {
        for (int i = 1; i < 2000; i++) {
            double p = i / 2000.0;
            assertThat(NormalQuantile.of(p)).isCloseTo(REFERENCE.inverseCumulativeProbability(p), within(1e-13));
        }
        for (int exponent = 1; exponent <= 300; exponent++) {
            double p = Math.pow(10, -exponent);
            double expected = REFERENCE.inverseCumulativeProbability(p);
            assertThat(NormalQuantile.of(p)).isCloseTo(expected, within(1e-12 * Math.abs(expected)));
        }
    }

    @Test
    void knowsTheServiceLevelsOfTextbooks() {
        assertThat(NormalQuantile.of(0.5)).isZero();
        assertThat(NormalQuantile.of(0.95)).isCloseTo(1.6448536269514722, within(1e-15));
        assertThat(NormalQuantile.of(0.975)).isCloseTo(1.959963984540054, within(1e-15));
        assertThat(NormalQuantile.of(0.05)).isCloseTo(-1.6448536269514729, within(1e-14));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, 1.1, Double.NaN})
    void refusesWhatIsNoProbability(double p) {
        assertThatThrownBy(() -> NormalQuantile.of(p)).isInstanceOf(IllegalArgumentException.class);
    }
}
