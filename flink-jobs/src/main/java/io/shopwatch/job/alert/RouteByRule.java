package io.shopwatch.job.alert;

import io.shopwatch.domain.alert.Rule;
import io.shopwatch.domain.alert.RuleKind;
import io.shopwatch.domain.window.Window;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.SalesResult;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.functions.co.BroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Hands each record to the rules that want it: conversions and what is like them, and others; not those on stock. */
final class RouteByRule extends BroadcastProcessFunction<AlertInput, RulesInForce, RuleInput> {
    private static final long serialVersionUID = 1;

    /** For rules other than those on conversions. */
    static final OutputTag<RuleInput> OTHERS = new OutputTag<>("others", RuleInput.TYPE);

    private final RulesInForce builtIn;

    RouteByRule(RulesInForce builtIn) {
        this.builtIn = builtIn;
    }

    @Override
    public void processBroadcastElement(RulesInForce rules, Context context, Collector<RuleInput> out)
            throws Exception {
        RulesInForce known = context.getBroadcastState(RuleFunction.RULES).get("rules");
        if (known == null || rules.revision() > known.revision()) {
            context.getBroadcastState(RuleFunction.RULES).put("rules", rules);
        }
    }

    @Override
    public void processElement(AlertInput input, ReadOnlyContext context, Collector<RuleInput> out) throws Exception {
        RulesInForce rules = RuleFunction.inForce(context.getBroadcastState(RuleFunction.RULES), builtIn);
        route(input, rules, out::collect, other -> context.output(OTHERS, other));
    }

    /** Hands a record to the rules that want it. */
    static void route(
            AlertInput input, RulesInForce rules, Consumer<RuleInput> toConversions, Consumer<RuleInput> toOthers) {
        for (Rule rule : rules.rules()) {
            if (!rule.kind().isStock() && wants(rule, input)) {
                boolean conversions = rule.kind() == RuleKind.CONVERSION_DROP || rule.kind() == RuleKind.UNPAID_ORDERS;
                (conversions ? toConversions : toOthers).accept(new RuleInput(rule.name(), input));
            }
        }
    }

    private static boolean wants(Rule rule, AlertInput input) {
        if (input.status() != null) {
            return true;
        }
        FunnelResult funnel = input.funnel();
        if (funnel != null) {
            return rule.kind() == RuleKind.CONVERSION_DROP
                    && funnel.funnel().equals(rule.funnel())
                    && rule.segments().contains(funnel.segment())
                    && inWindow(rule, funnel.window());
        }
        SalesResult sales = input.sales();
        if (sales != null) {
            return switch (rule.kind()) {
                case GMV_BEHIND_TARGET ->
                    sales.window().equals(Window.TODAY.wireName())
                            && sales.segment().equals("all");
                case UNPAID_ORDERS, ORDER_BURST, TRAFFIC_SURGE ->
                    rule.segments().contains(sales.segment()) && inWindow(rule, sales.window());
                default -> false;
            };
        }
        // Stock, as a cause of falling conversions.
        return rule.kind() == RuleKind.CONVERSION_DROP;
    }

    private static boolean inWindow(Rule rule, String window) {
        return window.equals(rule.window()) || window.equals(Window.ONE_MINUTE.wireName());
    }
}
