package io.shopwatch.job.alert;

import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Evaluates rules of some kind, keyed by rule or SKU. Rules arrive by broadcast; until the first ones do, the built-in
 * ones hold. A rule that is gone resolves its incidents and forgets its state at the next timer.
 */
abstract class RuleFunction<I> extends KeyedBroadcastProcessFunction<String, I, RulesInForce, Signal> {
    private static final long serialVersionUID = 1;

    /** The rules in force, under the one key {@code rules}. */
    static final MapStateDescriptor<String, RulesInForce> RULES =
            new MapStateDescriptor<>("rules-v1", Types.STRING, TypeInformation.of(RulesInForce.class));

    private static final String KEY = "rules";

    private final RulesInForce builtIn;

    RuleFunction(RulesInForce builtIn) {
        this.builtIn = builtIn;
    }

    @Override
    public final void processBroadcastElement(RulesInForce rules, Context context, Collector<Signal> out)
            throws Exception {
        RulesInForce known = context.getBroadcastState(RULES).get(KEY);
        if (known == null || rules.revision() > known.revision()) {
            context.getBroadcastState(RULES).put(KEY, rules);
        }
    }

    static RulesInForce inForce(ReadOnlyBroadcastState<String, RulesInForce> state, RulesInForce builtIn)
            throws Exception {
        RulesInForce rules = state.get(KEY);
        return rules == null ? builtIn : rules;
    }

    /** The rules in force now. */
    final RulesInForce inForce(ReadOnlyContext context) throws Exception {
        return inForce(context.getBroadcastState(RULES), builtIn);
    }
}
