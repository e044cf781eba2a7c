package io.shopwatch.cli;

import io.shopwatch.domain.alert.Rule;
import io.shopwatch.domain.alert.Texts;
import java.util.ArrayList;
import java.util.List;

/** A rule in a few words. */
final class RuleText {
    private RuleText() {}

    static String of(Rule rule) {
        List<String> parts = new ArrayList<>();
        switch (rule.kind()) {
            case CONVERSION_DROP -> {
                parts.add(rule.funnel() + " "
                        + (rule.transitions().isEmpty() ? "all transitions" : String.join(" ", rule.transitions())));
                parts.add("by " + String.join("/", rule.segments()));
                parts.add("−" + Texts.number(rule.dropPoints()) + " points"
                        + (rule.dropPercent() == null ? "" : " or −" + Texts.number(rule.dropPercent()) + " %"));
                parts.add(rule.window() + " against " + baseline(rule));
                parts.add(Texts.number(rule.falseAlarmsPerWeek()) + " false alarms a week");
            }
            case UNPAID_ORDERS -> {
                parts.add("paid within " + Texts.duration(rule.afterMillis()));
                parts.add("−" + Texts.number(rule.dropPoints()) + " points against " + baseline(rule));
            }
            case ORDER_BURST, TRAFFIC_SURGE ->
                parts.add(Texts.number(rule.factor()) + "× " + baseline(rule) + " by "
                        + String.join("/", rule.segments()));
            case STOCK_OUT_IMMINENT -> parts.add("within " + Texts.duration(rule.horizonMillis()));
            case STOCK_OUT_UNATTENDED -> parts.add("nothing received for " + Texts.duration(rule.afterMillis()));
            case GMV_BEHIND_TARGET ->
                parts.add("under " + Texts.number(rule.pacePercent()) + " % of the pace to " + rule.level());
            case NO_DATA ->
                parts.add(String.join("/", rule.streams()) + " silent for " + Texts.duration(rule.afterMillis()));
            case STOCK_OUT, LOW_STOCK, OVERSELL -> parts.add("each SKU");
        }
        if (!rule.receivers().isEmpty()) {
            parts.add("to " + String.join(", ", rule.receivers()));
        }
        return String.join(", ", parts);
    }

    private static String baseline(Rule rule) {
        return rule.seasonMillis() > 0
                ? "the last " + rule.cycles() + " cycles of " + Texts.duration(rule.seasonMillis())
                : "the last " + Texts.duration(rule.baselineMillis());
    }
}
