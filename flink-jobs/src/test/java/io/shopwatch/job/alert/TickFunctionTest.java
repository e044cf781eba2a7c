package io.shopwatch.job.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.alert.Rule;
import io.shopwatch.settings.RulesFile;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.JobStatus;
import java.util.ArrayList;
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

/** Rules that are evaluated at regular instants, through checkpoints, and through rules that go. */
@SuppressWarnings("try") // what Flink gives to close may throw InterruptedException, which a test just passes on
class TickFunctionTest {
    private static final long T0 = 1_700_000_000_000L / 86_400_000 * 86_400_000;
    private static final long TICK = 10_000;
    private static final Rule DROP = rule(Map.of(
            "name",
            "drop",
            "kind",
            "conversion_drop",
            "transitions",
            List.of("view>cart"),
            "baseline",
            Map.of("type", "trailing", "length", "1h")));
    private static final Rule SILENCE = rule(Map.of("name", "silence", "kind", "no_data"));

    private static Rule rule(Map<String, Object> rule) {
        return RulesFile.parser(Settings.defaults())
                .parse(List.of(rule))
                .rules()
                .get(0);
    }

    /** One operator, and what it has said so far. */
    private static final class Run implements AutoCloseable {
        private final KeyedBroadcastOperatorTestHarness<String, RuleInput, RulesInForce, Signal> harness;
        private final String rule;

        Run(TickFunction function, String rule, OperatorSubtaskState restored) throws Exception {
            this.rule = rule;
            harness = new KeyedBroadcastOperatorTestHarness<>(
                    new CoBroadcastWithKeyedOperator<>(function, List.of(RuleFunction.RULES)),
                    RuleInput::rule,
                    Types.STRING,
                    1,
                    1,
                    0);
            if (restored != null) {
                harness.initializeState(restored);
            }
            harness.open();
        }

        void take(AlertInput input, long time) throws Exception {
            harness.processElement(new StreamRecord<>(new RuleInput(rule, input), time));
        }

        void passed(long time) throws Exception {
            harness.processWatermark(new Watermark(time));
            harness.processBroadcastWatermark(new Watermark(time));
        }

        List<Signal> said() {
            return harness.extractOutputValues();
        }

        int kept() {
            return ((HeapKeyedStateBackend<?>)
                            ((AbstractStreamOperator<?>) harness.getOperator()).<String>getKeyedStateBackend())
                    .numKeyValueStateEntries();
        }

        @Override
        public void close() throws Exception {
            harness.close();
        }
    }

    private static Run conversions(OperatorSubtaskState restored) throws Exception {
        return new Run(new ConversionFunction(RulesInForce.only(List.of(DROP)), Settings.defaults()), "drop", restored);
    }

    private static Run levels(OperatorSubtaskState restored) throws Exception {
        return new Run(
                new LevelFunction(RulesInForce.only(List.of(SILENCE)), Settings.defaults()), "silence", restored);
    }

    /** 3,000 viewers a minute, of whom so many put something into the cart. */
    private static void shop(Run run, long fromMinute, long toMinute, long carts) throws Exception {
        for (long end = T0 + fromMinute * 60_000 + TICK; end <= T0 + toMinute * 60_000; end += TICK) {
            counts(run, end, carts);
            run.passed(end - 1);
        }
    }

    private static void counts(Run run, long end, long carts) throws Exception {
        long wobble = (end / TICK) % 7 - 3;
        for (String window : List.of("1m", "5m")) {
            long n = window.equals("1m") ? 1 : 5;
            List<FunnelResult.Step> steps = List.of(
                    new FunnelResult.Step("view", 3000 * n),
                    new FunnelResult.Step("cart", (carts + wobble) * n),
                    new FunnelResult.Step("order", carts * n / 3),
                    new FunnelResult.Step("pay", carts * n / 4));
            FunnelResult result = new FunnelResult("purchase", window, end, "all", "all", steps, end - 1);
            run.take(AlertInput.of(result), end - 1);
        }
    }

    /** Reports of a shop that sells, with so many orders a second. */
    private static void reports(Run run, long fromSecond, long toSecond, boolean orders) throws Exception {
        for (long second = fromSecond; second < toSecond; second++) {
            long time = T0 + second * 1000;
            long counted = orders ? second : Math.min(second, fromSecond);
            JobStatus status = new JobStatus(
                    "sales",
                    "run",
                    time,
                    time,
                    Map.of("orders", Map.of("accepted", 20 * counted), "clicks", Map.of("accepted", 100 * second)),
                    Map.of("orders", T0 + counted * 1000, "clicks", time));
            run.take(AlertInput.of(status), time);
            run.passed(time);
        }
    }

    @Test
    void aReportThatAnotherHasOvertakenChangesNothing() throws Exception {
        try (Run run = conversions(null)) {
            for (long minute = 0; minute < 110; minute++) {
                for (long tick = 0; tick < 6; tick++) {
                    long end = T0 + minute * 60_000 + (tick + 1) * TICK;
                    take(run, end - 1);
                    take(run, end - 1001);
                    counts(run, end, minute < 100 ? 300 : 180);
                    run.passed(end - 1);
                }
            }
            assertThat(run.said()).singleElement().satisfies(signal -> assertThat(signal.breached())
                    .isTrue());
        }
    }

    /** A report of a hundred events a second in each stream. */
    private static void take(Run run, long time) throws Exception {
        Map<String, Long> count = Map.of("accepted", (time - T0) / 10);
        JobStatus status = new JobStatus(
                "sales",
                "run",
                time,
                time,
                Map.of("clicks", count, "carts", count),
                Map.of("clicks", time, "carts", time));
        run.take(AlertInput.of(status), time);
    }

    @Test
    void aConversionIncidentOutlivesARestartAndIsResolvedUnderItsOwnId() throws Exception {
        OperatorSubtaskState snapshot;
        Signal fired;
        try (Run run = conversions(null)) {
            shop(run, 0, 100, 300);
            shop(run, 100, 110, 180);
            assertThat(run.said()).singleElement().satisfies(signal -> assertThat(signal.breached())
                    .isTrue());
            fired = run.said().get(0);
            snapshot = run.harness.snapshot(1, 1);
        }
        try (Run run = conversions(snapshot)) {
            shop(run, 110, 130, 180);
            shop(run, 130, 150, 300);
            assertThat(run.said()).singleElement().satisfies(signal -> {
                assertThat(signal.breached()).isFalse();
                assertThat(signal.alert().id()).isEqualTo(fired.alert().id());
                assertThat(signal.alert().endsAt()).isBetween(T0 + 130 * 60_000, T0 + 140 * 60_000);
            });
        }
    }

    @Test
    void aRestartInCalmTimesRaisesNoAlarm() throws Exception {
        OperatorSubtaskState snapshot;
        try (Run run = conversions(null)) {
            shop(run, 0, 90, 300);
            snapshot = run.harness.snapshot(1, 1);
        }
        try (Run run = conversions(snapshot)) {
            shop(run, 90, 150, 300);
            assertThat(run.said()).isEmpty();
        }
    }

    @Test
    void aRemovedConversionRuleResolvesItsIncidentAndLeavesNoState() throws Exception {
        try (Run run = conversions(null)) {
            shop(run, 0, 100, 300);
            shop(run, 100, 110, 180);
            run.harness.processBroadcastElement(new RulesInForce(1, List.of()), 0);
            run.passed(T0 + 111 * 60_000);
            assertThat(run.said()).extracting(Signal::breached).containsExactly(true, false);
            assertThat(run.kept()).isZero();
        }
    }

    @Test
    void aStreamThatFallsSilentIsToldOnceOverARestartAndResolvedOnce() throws Exception {
        List<Signal> said = new ArrayList<>();
        OperatorSubtaskState snapshot;
        try (Run run = levels(null)) {
            reports(run, 0, 1800, true);
            reports(run, 1800, 3000, false);
            said.addAll(run.said());
            snapshot = run.harness.snapshot(1, 1);
        }
        try (Run run = levels(snapshot)) {
            reports(run, 3000, 3600, true);
            said.addAll(run.said());
            assertThat(said).extracting(Signal::breached).containsExactly(true, false);
            assertThat(said.get(0).alert().value()).isEqualTo("orders");
            assertThat(said.get(1).alert().id()).isEqualTo(said.get(0).alert().id());
            run.harness.processBroadcastElement(new RulesInForce(1, List.of()), 0);
            run.passed(T0 + 3_700_000);
            assertThat(run.kept()).isZero();
        }
    }
}
