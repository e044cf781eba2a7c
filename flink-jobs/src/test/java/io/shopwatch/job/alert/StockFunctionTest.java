package io.shopwatch.job.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.alert.Rule;
import io.shopwatch.domain.alert.RuleParser;
import io.shopwatch.domain.funnel.FunnelDefinition;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.InventoryResult;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** Stock rules through checkpoints, and through rules that come and go. */
@SuppressWarnings("try") // what Flink gives to close may throw InterruptedException, which a test just passes on
class StockFunctionTest {
    private static final long T0 = 1_700_000_000_000L;
    private static final Rule RULE = new RuleParser(FunnelDefinition.DEFAULTS, List.of())
            .parse(List.of(Map.of("name", "out", "kind", "stock_out")))
            .rules()
            .get(0);

    private static KeyedBroadcastOperatorTestHarness<String, InventoryResult, RulesInForce, Signal> harness()
            throws Exception {
        StockFunction function = new StockFunction(RulesInForce.only(List.of(RULE)), Settings.defaults());
        return new KeyedBroadcastOperatorTestHarness<>(
                new CoBroadcastWithKeyedOperator<>(function, List.of(RuleFunction.RULES)),
                InventoryResult::key,
                Types.STRING,
                1,
                1,
                0);
    }

    private static StreamRecord<InventoryResult> level(long time, long available) {
        InventoryResult result = new InventoryResult(
                "SKU-1",
                "default",
                "shoes",
                time,
                available,
                0,
                available,
                0,
                null,
                0,
                0,
                available > 0 ? "in_stock" : "out",
                null,
                null,
                null,
                0,
                null);
        return new StreamRecord<>(result, time);
    }

    private static void watermark(
            KeyedBroadcastOperatorTestHarness<String, InventoryResult, RulesInForce, Signal> harness, long time)
            throws Exception {
        harness.processWatermark(new Watermark(time));
        harness.processBroadcastWatermark(new Watermark(time));
    }

    private static int stateEntries(
            KeyedBroadcastOperatorTestHarness<String, InventoryResult, RulesInForce, Signal> harness) {
        HeapKeyedStateBackend<?> backend = (HeapKeyedStateBackend<?>)
                ((AbstractStreamOperator<?>) harness.getOperator()).<String>getKeyedStateBackend();
        return backend.numKeyValueStateEntries();
    }

    @Test
    void anOpenIncidentOutlivesARestartAndIsResolvedUnderItsOwnId() throws Exception {
        OperatorSubtaskState snapshot;
        Signal fired;
        try (var harness = harness()) {
            harness.open();
            harness.processElement(level(T0, 4));
            harness.processElement(level(T0 + 1000, 0));
            watermark(harness, T0 + 2000);
            assertThat(harness.extractOutputValues()).hasSize(1);
            fired = harness.extractOutputValues().get(0);
            snapshot = harness.snapshot(1, 1);
        }
        try (var harness = harness()) {
            harness.initializeState(snapshot);
            harness.open();
            harness.processElement(level(T0 + 50_000, 9));
            watermark(harness, T0 + 200_000);
            assertThat(harness.extractOutputValues()).singleElement().satisfies(signal -> {
                assertThat(signal.breached()).isFalse();
                assertThat(signal.alert().id()).isEqualTo(fired.alert().id());
                assertThat(signal.alert().endsAt()).isEqualTo(T0 + 50_000);
            });
        }
    }

    /** Figures of a time are of what happened before it: who waited for the time itself would wait for a report more. */
    @Test
    void aStockOutIsToldWhenTheSecondBeforeItIsComplete() throws Exception {
        try (var harness = harness()) {
            harness.open();
            harness.processElement(level(T0, 4));
            harness.processElement(level(T0 + 1000, 0));

            watermark(harness, T0 + 998);
            assertThat(harness.extractOutputValues()).isEmpty();
            watermark(harness, T0 + 999);

            assertThat(harness.extractOutputValues())
                    .singleElement()
                    .satisfies(signal -> assertThat(signal.alert().startsAt()).isEqualTo(T0 + 1000));
        }
    }

    @Test
    void aLevelThatComesLateCountsFromNowOn() throws Exception {
        try (var harness = harness()) {
            harness.open();
            harness.processElement(level(T0, 4));
            watermark(harness, T0 + 4_999);
            harness.processElement(level(T0 + 1000, 0));
            watermark(harness, T0 + 5_099);

            // What is not newer than the time that was told before, patterns leave out.
            assertThat(harness.getOutput().stream().filter(StreamRecord.class::isInstance))
                    .singleElement()
                    .satisfies(signal -> assertThat(((StreamRecord<?>) signal).getTimestamp())
                            .isGreaterThan(T0 + 4_999));
        }
    }

    @Test
    void aRemovedRuleResolvesItsIncidentsAndLeavesNoState() throws Exception {
        try (var harness = harness()) {
            harness.open();
            harness.processElement(level(T0, 4));
            harness.processElement(level(T0 + 1000, 0));
            watermark(harness, T0 + 2000);
            harness.processBroadcastElement(new RulesInForce(1, List.of()), T0 + 3000);
            // A set that was published before it must not bring the rule back
            harness.processBroadcastElement(new RulesInForce(0, List.of(RULE)), T0 + 3000);
            watermark(harness, T0 + 62_000);
            assertThat(harness.extractOutputValues())
                    .extracting(Signal::breached)
                    .containsExactly(true, false);
            assertThat(stateEntries(harness)).isZero();
        }
    }

    @Test
    void aSkuThatNothingIsHeardOfIsForgotten() throws Exception {
        try (var harness = harness()) {
            harness.open();
            harness.processElement(level(T0, 4));
            watermark(harness, T0 + 9 * 86_400_000L);
            assertThat(harness.extractOutputValues()).isEmpty();
            assertThat(stateEntries(harness)).isZero();
        }
    }

    @Test
    void aSkuThatStaysOutForWeeksIsLookedAfterNowAndThen() throws Exception {
        try (var harness = harness()) {
            harness.open();
            harness.processElement(level(T0, 4));
            harness.processElement(level(T0 + 1000, 0));
            watermark(harness, T0 + 30 * 86_400_000L);
            assertThat(harness.numEventTimeTimers()).isEqualTo(1);
            harness.processElement(level(T0 + 30 * 86_400_000L + 1, 7));
            watermark(harness, T0 + 31 * 86_400_000L);
            assertThat(harness.extractOutputValues())
                    .extracting(Signal::breached)
                    .containsExactly(true, false);
        }
    }
}
