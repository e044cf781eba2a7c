package io.shopwatch.domain.inventory;

import static io.shopwatch.domain.inventory.StockState.IN_STOCK;
import static io.shopwatch.domain.inventory.StockState.LOW;
import static io.shopwatch.domain.inventory.StockState.OUT;
import static io.shopwatch.domain.inventory.StockState.OVERSOLD;
import static io.shopwatch.domain.inventory.StockState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StockStandingTest {

    private static StockStanding standing(String sku, StockState state, double velocity, Double atStockOut) {
        return new StockStanding(sku, "default", state, velocity, atStockOut);
    }

    private static StockStanding standing(String sku, StockState state, double velocity) {
        return standing(sku, state, velocity, null);
    }

    @Test
    void stockOutRatioWeighsSkusAlike() {
        StockOutRatio ratio = StockOutRatio.of(List.of(
                standing("a", OUT, 0, 6.0),
                standing("b", OVERSOLD, 1, 2.0),
                standing("c", LOW, 3),
                standing("d", IN_STOCK, 5),
                standing("e", UNKNOWN, 100)));

        // a and b of a, b, c, d; nothing is known of e
        assertThat(ratio.bySku()).hasValue(2 / 4.0);
        // (6 + 2) / (6 + 2 + 3 + 5)
        assertThat(ratio.byDemand()).hasValue(8 / 16.0);
    }

    @Test
    void stockOutRatioIsAbsentWithoutStockOrDemand() {
        assertThat(StockOutRatio.of(List.of()).bySku()).isEmpty();
        assertThat(StockOutRatio.of(List.of(standing("a", UNKNOWN, 3))).bySku()).isEmpty();
        StockOutRatio unsold = StockOutRatio.of(List.of(standing("a", OUT, 0, 0.0), standing("b", IN_STOCK, -2)));
        assertThat(unsold.bySku()).hasValue(0.5);
        assertThat(unsold.byDemand()).isEmpty();
    }

    @Test
    void revenueIsAtRiskOnlyWhileOut() {
        // 3 per hour · 2.50
        assertThat(standing("a", OUT, 3, 4.0).revenueAtRisk(2.5)).isEqualTo(7.5);
        assertThat(standing("a", OVERSOLD, 3, 4.0).revenueAtRisk(2.5)).isEqualTo(7.5);
        assertThat(standing("a", LOW, 3).revenueAtRisk(2.5)).isZero();
        assertThat(standing("a", UNKNOWN, 3).revenueAtRisk(2.5)).isZero();
        assertThat(standing("a", OUT, -3, 4.0).revenueAtRisk(2.5)).isZero();
    }

    @Test
    void ranksOutThenOversoldThenLowThenTheFastestSelling() {
        List<StockStanding> all = List.of(
                standing("slow", IN_STOCK, 1),
                standing("fast", UNKNOWN, 9),
                standing("low", LOW, 0),
                standing("oversold", OVERSOLD, 2, 2.0),
                standing("out-slow", OUT, 5, 1.0),
                standing("out-fast", OUT, 0, 7.0));

        assertThat(StockStanding.top(all, 5))
                .extracting(StockStanding::sku)
                .containsExactly("out-fast", "out-slow", "oversold", "low", "fast");
        assertThat(StockStanding.top(all, 0)).isEmpty();
        assertThat(StockStanding.top(all, 100)).hasSize(6);
    }

    @Test
    void theTopIsTheBeginningOfTheSortedList() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            List<StockStanding> all = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                all.add(standing("sku-" + i, StockState.values()[random.nextInt(5)], random.nextInt(4)));
            }
            int max = random.nextInt(20);
            assertThat(StockStanding.top(all, max))
                    .isEqualTo(all.stream()
                            .sorted(StockStanding.MATTERS_MOST)
                            .limit(max)
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource(StockState.class)
    void statesAreFoundByTheirNames(StockState state) {
        assertThat(StockState.ofWireName(state.wireName())).isEqualTo(state);
    }

    @Test
    void thereIsNoOtherState() {
        assertThatThrownBy(() -> StockState.ofWireName("plenty"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("plenty");
    }
}
