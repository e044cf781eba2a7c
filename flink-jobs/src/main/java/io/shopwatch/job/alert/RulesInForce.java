package io.shopwatch.job.alert;

import io.shopwatch.domain.alert.Rule;
import java.io.Serializable;
import java.util.List;

/**
 * All rules, as they change together.
 *
 * @param revision grows with each change; 0 for the built-in rules
 * @param rules the rules
 */
public record RulesInForce(long revision, List<Rule> rules) implements Serializable {

    /** Rules for a run that no others arrive in. */
    public static RulesInForce only(List<Rule> rules) {
        return new RulesInForce(0, rules);
    }

    /** The rule of that name, or null. */
    Rule find(String name) {
        for (Rule rule : rules) {
            if (rule.name().equals(name)) {
                return rule;
            }
        }
        return null;
    }
}
