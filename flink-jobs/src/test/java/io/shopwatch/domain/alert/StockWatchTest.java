package io.shopwatch.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.alert.StockWatch.Change;
import io.shopwatch.domain.alert.StockWatch.Level;
import io.shopwatch.domain.alert.StockWatch.Policy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StockWatchTest {
    private static final Policy OUT = policy(RuleKind.STOCK_OUT);

    private static Policy policy(RuleKind kind) {
        return new Policy(kind, 1_800_000, 3, 3_600_000, 0, 60_000);
    }

    private static Level level(long time, long available) {
        return new Level(
                time, available, available > 0 ? "in_stock" : available == 0 ? "out" : "oversold", null, 0, 0, 5, null);
    }

    /** Plays levels second by second and notes what fires and resolves when. */
    private static List<String> play(Policy policy, long until, Level... levels) {
        StockWatch watch = new StockWatch();
        List<String> changes = new ArrayList<>();
        int next = 0;
        for (long now = 0; now <= until; now += 1000) {
            while (next < levels.length && levels[next].time() <= now) {
                watch.note(levels[next++], policy);
            }
            Change change = watch.settle(now, policy);
            if (change != Change.NONE) {
                changes.add(change + "@" + now / 1000);
            }
        }
        return changes;
    }

    @Test
    void firesWhenTheLastUnitGoesAndResolvesAfterAMinuteInStock() {
        assertThat(play(OUT, 300_000, level(0, 3), level(10_000, 0), level(100_000, 8)))
                .containsExactly("FIRED@10", "RESOLVED@160"); // 100 s + 60 s to recover
    }

    @Test
    void aHundredSwingsAroundZeroInAMinuteAreOneIncident() {
        Level[] levels = new Level[101];
        for (int i = 0; i <= 100; i++) {
            levels[i] = level(1000 + i * 600L, i % 2 == 0 ? 1 : 0);
        }
        // the last swing, to 1 unit, is at 61 s
        assertThat(play(OUT, 300_000, levels)).containsExactly("FIRED@2", "RESOLVED@121");
    }

    @Test
    void whatWasNeverInStockDidNotRunOut() {
        assertThat(play(OUT, 300_000, level(0, 0), level(50_000, -3))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"OVERSELL, -1, FIRED@20", "OVERSELL, 0, ''", "STOCK_OUT, -1, FIRED@20", "STOCK_OUT, 1, ''"})
    void eachKindHasItsOwnZero(RuleKind kind, long available, String expected) {
        List<String> changes = play(policy(kind), 60_000, level(0, 4), level(20_000, available));
        assertThat(String.join(",", changes)).isEqualTo(expected);
    }

    @Test
    void runningOutNeitherStartsNorEndsAShortage() {
        Level plenty = new Level(0, 50, "in_stock", null, 0, 0, 20, null);
        Level low = new Level(10_000, 12, "low", null, 0, 0, 20, null);
        Level out = new Level(90_000, 0, "out", null, 0, 0, 20, null);
        Level restocked = new Level(200_000, 60, "in_stock", null, 0, 0, 20, null);
        assertThat(play(policy(RuleKind.LOW_STOCK), 400_000, plenty, low, out, restocked))
                .containsExactly("FIRED@10", "RESOLVED@260");
    }

    @Test
    void sellsOutSoonOnlyWithSalesBehindTheVelocity() {
        Policy policy = policy(RuleKind.STOCK_OUT_IMMINENT);
        Level calm = new Level(0, 100, "in_stock", 360_000.0, 10, 1, 0, null);
        Level fast = new Level(10_000, 100, "in_stock", 600.0, 2, 600, 0, null);
        Level proven = new Level(20_000, 90, "in_stock", 540.0, 3, 600, 0, null);
        assertThat(play(policy, 60_000, calm, fast)).isEmpty();
        assertThat(play(policy, 60_000, calm, fast, proven)).containsExactly("FIRED@20");
    }

    @Test
    void unattendedMeansNothingReceivedSince() {
        Policy policy = policy(RuleKind.STOCK_OUT_UNATTENDED);
        Level received = new Level(1_000_000, 0, "out", null, 0, 0, 0, 1_000_000L);
        // out at 10 s; an hour later it fires, but a receipt at 1,000 s starts the hour anew
        assertThat(play(policy, 5_000_000, level(0, 3), level(10_000, 0))).containsExactly("FIRED@3610");
        assertThat(play(policy, 5_000_000, level(0, 3), level(10_000, 0), received))
                .containsExactly("FIRED@4600");
        assertThat(play(policy, 5_000_000, level(0, 3), level(10_000, 0), level(2_000_000, 4)))
                .isEmpty();
    }
}
