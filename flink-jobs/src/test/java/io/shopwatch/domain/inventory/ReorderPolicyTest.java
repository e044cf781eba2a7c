package io.shopwatch.domain.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReorderPolicyTest {

    @Test
    void safetyStockCoversDemandOverTheLeadTime() {
        ReorderPolicy policy = new ReorderPolicy(Duration.ofHours(16), Duration.ZERO, 0.95, 0);
        HourlyDemand.Estimate demand = new HourlyDemand.Estimate(4, 9, 100);

        // 1.644854 · √(16·9) = 1.644854 · 12 = 19.738244
        assertThat(policy.safetyStock(demand)).isCloseTo(19.738244, within(1e-6));
        // 4 · 16 + 19.738244 = 83.738244
        assertThat(policy.reorderPoint(demand)).isCloseTo(83.738244, within(1e-6));
    }

    @Test
    void safetyStockCoversAnUncertainLeadTimeToo() {
        ReorderPolicy policy = new ReorderPolicy(Duration.ofHours(16), Duration.ofHours(4), 0.95, 0);
        HourlyDemand.Estimate demand = new HourlyDemand.Estimate(4, 9, 100);

        // 1.644854 · √(16·9 + 4²·4²) = 1.644854 · √(144 + 256) = 1.644854 · 20 = 32.897073
        assertThat(policy.safetyStock(demand)).isCloseTo(32.897073, within(1e-6));
    }

    @ParameterizedTest(name = "{0} available, reorder point {1}, own threshold {2}: {3}")
    @CsvSource({
        "-1, 10, 0, OVERSOLD",
        "0, 10, 0, OUT",
        "0, 0, 0, OUT",
        "1, 10, 0, LOW",
        "10, 10, 0, LOW",
        "11, 10.9, 0, IN_STOCK",
        "11, 10, 0, IN_STOCK",
        "11, 10, 11, LOW",
        "1, 0, 0, IN_STOCK",
    })
    void tellsTheState(long available, double reorderPoint, long threshold, StockState expected) {
        ReorderPolicy policy = new ReorderPolicy(Duration.ofHours(24), Duration.ZERO, 0.95, threshold);
        assertThat(policy.state(available, reorderPoint)).isEqualTo(expected);
    }

    @Test
    void refusesImpossibleSettings() {
        assertThatThrownBy(() -> new ReorderPolicy(Duration.ofHours(-1), Duration.ZERO, 0.95, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReorderPolicy(Duration.ofHours(1), Duration.ZERO, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
