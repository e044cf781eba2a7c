package io.shopwatch.job.alert;

import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** What {@link RouteByRule} does, by rules that never change: it needs no second input and stays in the chain. */
final class RouteAtOnce extends ProcessFunction<AlertInput, RuleInput> {
    private static final long serialVersionUID = 1;

    private final RulesInForce rules;

    RouteAtOnce(RulesInForce rules) {
        this.rules = rules;
    }

    @Override
    public void processElement(AlertInput input, Context context, Collector<RuleInput> out) {
        RouteByRule.route(input, rules, out::collect, other -> context.output(RouteByRule.OTHERS, other));
    }
}
