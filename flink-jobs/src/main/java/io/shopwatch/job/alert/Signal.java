package io.shopwatch.job.alert;

import io.shopwatch.wire.Alert;

/**
 * What an evaluation found, for the patterns: a run of breached evaluations that is complete, or a run of good ones.
 * How many make a run is counted where the rules are known, so the patterns keep their shape when rules change.
 *
 * @param key rule, transition, segment and value
 * @param breached whether the run of breached evaluations is complete; otherwise that of the good ones is
 * @param at event time of the evaluation, epoch milliseconds
 * @param alert the alert to be raised or resolved
 */
public record Signal(String key, boolean breached, long at, Alert alert) {}
