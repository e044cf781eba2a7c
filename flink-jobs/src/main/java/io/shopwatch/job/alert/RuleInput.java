package io.shopwatch.job.alert;

import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * A record for a rule.
 *
 * @param rule the rule's name
 * @param input the record
 */
public record RuleInput(String rule, AlertInput input) {
    /** Flink's type. */
    static final TypeInformation<RuleInput> TYPE =
            Types.POJO(RuleInput.class, Map.of("rule", Types.STRING, "input", AlertInput.TYPE));
}
