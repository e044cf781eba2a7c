package io.shopwatch.job.alert;

/**
 * A record for a rule.
 *
 * @param key the rule's name; for stock rules also SKU and warehouse
 * @param rule the rule's name
 * @param input the record
 */
public record RuleInput(String key, String rule, AlertInput input) {}
