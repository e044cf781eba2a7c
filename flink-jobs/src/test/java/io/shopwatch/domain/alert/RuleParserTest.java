package io.shopwatch.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.funnel.FunnelDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RuleParserTest {
    private final RuleParser parser = new RuleParser(FunnelDefinition.DEFAULTS, List.of("double11"));

    private RuleParser.Result parse(Object... keysAndValues) {
        Map<String, Object> rule = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            rule.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return parser.parse(List.of(rule));
    }

    @Test
    void readsEveryParameterOfAConversionRule() {
        RuleParser.Result result = parse(
                "name",
                "conversion-drop",
                "kind",
                "conversion_drop",
                "funnel",
                "purchase",
                "transitions",
                List.of("view>cart", "cart>order", "view>pay"),
                "segments",
                List.of("all", "channel", "device"),
                "window",
                "5m",
                "baseline",
                Map.of("type", "trailing", "length", "1h"),
                "dropPoints",
                2.0,
                "dropPercent",
                30,
                "falseAlarmsPerWeek",
                1,
                "for",
                3,
                "recoverPoints",
                1.0,
                "recoverFor",
                6,
                "every",
                "10s",
                "severity",
                "critical",
                "notify",
                List.of("oncall"));
        assertThat(result.errors()).isEmpty();
        Rule rule = result.rules().get(0);
        assertThat(rule.baselineMillis()).isEqualTo(3_600_000);
        assertThat(rule.everyMillis()).isEqualTo(10_000);
        assertThat(rule.breaches()).isEqualTo(3);
        assertThat(rule.dropPercent()).isEqualTo(30.0);
        assertThat(rule.transitions()).containsExactly("view>cart", "cart>order", "view>pay");
        assertThat(rule.receivers()).containsExactly("oncall");
    }

    @ParameterizedTest
    @EnumSource(RuleKind.class)
    void nameAndKindAreEnoughForEveryKind(RuleKind kind) {
        RuleParser.Result result = parse("name", "r", "kind", kind.wireName());
        assertThat(result.errors()).isEmpty();
        assertThat(result.rules().get(0).kind()).isEqualTo(kind);
    }

    @Test
    void everyKindWatchesWithoutAnySettings() {
        assertThat(parser.defaults()).extracting(Rule::kind).contains(RuleKind.values());
        assertThat(parser.defaults()).extracting(Rule::name).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dropPoint   | 2        | rules[0].dropPoint: 2; expected one of the keys",
                "dropPoints  | two      | rules[0].dropPoints: two; expected a number from 0.01 to 100.0",
                "window      | today    | rules[0].window: today; expected one of 1m, 5m, 1h",
                "funnel      | sale     | rules[0].funnel: sale; expected one of purchase, buy, checkout",
                "transitions | pay>view | rules[0].transitions: pay>view; expected all, or from>to",
                "every       | 7s       | rules[0].every: 7s; expected a part of a minute",
                "every       | soon     | rules[0].every: soon; expected a duration",
                "severity    | urgent   | rules[0].severity: urgent; expected one of info, warning, critical",
                "for         | 0        | rules[0].for: 0; expected a whole number from 1",
                "segments    | colour   | rules[0].segments: colour; expected one of all, channel",
                "recoverPoints | 3      | rules[0].recoverPoints: 3.0; expected at most dropPoints, 2.0",
                "baseline    | 1h       | rules[0].baseline: 1h; expected a map with cycles, length, period, type",
            })
    void refusesWhatMakesNoSense(String key, String value, String message) {
        RuleParser.Result result = parse("name", "r", "kind", "conversion_drop", key, value);
        assertThat(result.rules()).isEmpty();
        assertThat(result.errors()).anySatisfy(error -> assertThat(error).startsWith(message));
    }

    @Test
    void namesAreUniqueAndKindsKnown() {
        List<Map<String, Object>> rules = new ArrayList<>();
        rules.add(Map.of("name", "a", "kind", "stock_out"));
        rules.add(Map.of("name", "a", "kind", "oversell"));
        rules.add(Map.of("name", "b", "kind", "stockout"));
        RuleParser.Result result = parser.parse(rules);
        assertThat(result.rules()).hasSize(1);
        assertThat(result.errors()).hasSize(2);
        assertThat(result.errors().get(0)).isEqualTo("rules[1].name: a; expected a name that no other rule has");
        assertThat(result.errors().get(1)).startsWith("rules[2].kind: stockout; expected one of conversion_drop,");
    }

    @Test
    void warnsOfARuleThatCanNeverFire() {
        assertThat(parse("name", "r", "kind", "conversion_drop", "dropPoints", 40)
                        .warnings())
                .singleElement()
                .asString()
                .contains("never fires where the conversion itself is below 40.0 %");
        Rule rule = parse("name", "r", "kind", "conversion_drop").rules().get(0);
        assertThat(RuleParser.neverFires(rule, "view>pay", 0.015))
                .isEqualTo("rule r: view>pay is usually 1.5 % and can't fall by 2.0 points; dropPercent would work");
        assertThat(RuleParser.neverFires(rule, "view>cart", 0.10)).isNull();
        assertThat(new RuleParser(FunnelDefinition.DEFAULTS, List.of())
                        .parse(List.of(Map.of("name", "g", "kind", "gmv_behind_target")))
                        .warnings())
                .hasSize(1);
    }

    @Test
    void readsASeasonalBaseline() {
        Rule rule = parse(
                        "name", "r",
                        "kind", "conversion_drop",
                        "baseline", Map.of("type", "seasonal", "period", "7d", "cycles", 4))
                .rules()
                .get(0);
        assertThat(rule.seasonMillis()).isEqualTo(7L * 86_400_000);
        assertThat(rule.cycles()).isEqualTo(4);
    }
}
