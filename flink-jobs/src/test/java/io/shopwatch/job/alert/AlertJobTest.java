package io.shopwatch.job.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.alert.Rule;
import io.shopwatch.domain.event.Outcome;
import io.shopwatch.settings.RulesFile;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.RuleSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("try") // what Flink gives to close may throw InterruptedException, which a test just passes on
class AlertJobTest {
    private static final long T0 = 1_700_000_000_000L / 86_400_000 * 86_400_000;
    private static final long TICK = 10_000;

    /** A shop of 3,000 viewers a minute of whom 10 % put something into the cart, fewer from {@code broken} on. */
    private static AlertRun run(long minutes, long broken, long mended) {
        AlertRun run = new AlertRun();
        for (long end = T0 + TICK; end <= T0 + minutes * 60_000; end += TICK) {
            long minute = (end - T0) / 60_000;
            long carts = minute >= broken && minute < mended ? 180 : 300;
            // A little unrest, so that nothing depends on counts being constant
            long wobble = (end / TICK) % 7 - 3;
            for (String window : List.of("1m", "5m")) {
                long n = window.equals("1m") ? 1 : 5;
                run.funnels.add(new FunnelResult(
                        "purchase",
                        window,
                        end,
                        "all",
                        "all",
                        List.of(
                                new FunnelResult.Step("view", 3000 * n),
                                new FunnelResult.Step("cart", (carts + wobble) * n),
                                new FunnelResult.Step("order", carts * n * 4 / 10),
                                new FunnelResult.Step("pay", carts * n * 35 / 100)),
                        end - 1));
            }
            run.alive(end - 1);
        }
        return run;
    }

    private static String rules(long revision, Map<?, ?>... rules) {
        List<Map<String, Object>> maps = new ArrayList<>();
        for (Map<?, ?> rule : rules) {
            Map<String, Object> map = new java.util.TreeMap<>();
            rule.forEach((key, value) -> map.put((String) key, value));
            maps.add(map);
        }
        return Json.text(new RuleSet(RuleSet.FORMAT, revision, maps));
    }

    private static final Map<String, Object> RULE = Map.of(
            "name",
            "drop",
            "kind",
            "conversion_drop",
            "transitions",
            List.of("view>cart", "cart>order", "view>pay"),
            "baseline",
            Map.of("type", "trailing", "length", "1h"));

    @Test
    void aDropFiresOnceAndIsResolvedOnceWithTheSameId() throws Exception {
        AlertRun run = run(180, 100, 130);
        run.first = RulesInForce.only(
                RulesFile.parser(Settings.defaults()).parse(List.of(RULE)).rules());
        List<Alert> alerts = run.alerts();
        assertThat(alerts).extracting(Alert::status).containsExactly("firing", "resolved");
        Alert fired = alerts.get(0);
        Alert resolved = alerts.get(1);
        assertThat(resolved.id()).isEqualTo(fired.id());
        assertThat(resolved.startsAt()).isEqualTo(fired.startsAt());
        assertThat(fired.startsAt()).isBetween(T0 + 98 * 60_000, T0 + 102 * 60_000);
        assertThat(resolved.endsAt()).isBetween(T0 + 130 * 60_000, T0 + 140 * 60_000);
        assertThat(fired.summary()).startsWith("view → cart −").contains(" points, 10.0 % → ");
        assertThat(fired.dropPoints()).isBetween(2.0, 5.0);
        assertThat(fired.confidence()).isGreaterThan(0.9999);
        assertThat(fired.data()).isEqualTo("trusted");
        assertThat(resolved.summary()).startsWith("view → cart is back at 1").contains(" after ");
    }

    @Test
    void theVerySameRecordsRaiseTheVerySameAlerts() throws Exception {
        List<Alert> alerts = run(240, 220, 230).alerts();
        assertThat(alerts).isNotEmpty();
        assertThat(run(240, 220, 230).alerts()).isEqualTo(alerts);
    }

    @Test
    void aBadRuleIsLeftOutAndTheOthersHold() throws Exception {
        Map<String, Object> bad = Map.of("name", "bad", "kind", "conversion_drop", "dropPoint", 2);
        try (var harness = ProcessFunctionTestHarnesses.forProcessFunction(new CheckRules(Settings.defaults()))) {
            harness.processElement("no rules at all", 0);
            harness.processElement(rules(7, RULE, bad), 0);
            assertThat(harness.extractOutputValues()).singleElement().satisfies(set -> {
                assertThat(set.revision()).isEqualTo(7);
                assertThat(set.rules()).extracting(Rule::name).containsExactly("drop");
            });
            assertThat(harness.getSideOutput(CheckRules.DEAD_LETTERS))
                    .extracting(letter -> letter.getValue().reason())
                    .containsExactly("malformed", "invalid_field");
            harness.processElement(rules(8, RULE), 0);
            // 1 accepted + 2 dead letters = 3 read
            assertThat(harness.getSideOutput(CheckRules.TALLIES))
                    .extracting(tally -> tally.getValue().outcome())
                    .containsExactly(Outcome.DEAD_LETTER, Outcome.DEAD_LETTER, Outcome.ACCEPTED);
        }
    }

    @Test
    void withoutAnyRulesTheBuiltInOnesHold() throws Exception {
        assertThat(run(240, 220, 300).alerts())
                .extracting(Alert::rule, Alert::status)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("conversion-drop", "firing"));
    }

    @ParameterizedTest
    @CsvSource({"true, route-v1", "false, route-at-once-0-v1"})
    void everyOperatorHasANameAndAUid(boolean rulesArrive, String route) {
        StreamExecutionEnvironment environment = AlertRun.environment();
        AlertRun run = run(1, 5, 6);
        if (rulesArrive) {
            run.rules.add("{}");
        }
        AlertJob.Results results = run.build(environment);
        results.alerts().sinkTo(new org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink<>());
        Set<String> uids = new HashSet<>();
        for (StreamNode node : environment.getStreamGraph(false).getStreamNodes()) {
            boolean own = node.getTransformationUID() != null;
            if (own) {
                assertThat(uids.add(node.getTransformationUID()))
                        .as("uid of " + node.getOperatorName())
                        .isTrue();
            }
        }
        assertThat(uids)
                .contains(
                        route,
                        "conversions-v2",
                        "levels-v2",
                        "stock-v3",
                        "stock-doubts-v1",
                        "fires-v1",
                        "recovers-v1",
                        "in-order-v1",
                        "check-rules-v1");
    }
}
