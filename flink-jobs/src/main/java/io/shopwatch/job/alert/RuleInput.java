package io.shopwatch.job.alert;

import io.shopwatch.job.common.EventTypes;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * A record for a rule.
 *
 * @param rule the rule's name
 * @param input the record
 */
public record RuleInput(String rule, AlertInput input) {
    /** Flink's type, by {@link RuleInputSerializer}. */
    static final TypeInformation<RuleInput> TYPE = EventTypes.of(RuleInput.class, new RuleInputSerializer());
}
