package io.shopwatch.job.alert;

import io.shopwatch.domain.event.Outcome;
import io.shopwatch.job.common.Counted;

/**
 * A set of rules that was read.
 *
 * @param outcome accepted, or a dead letter where any of it was left out
 */
public record RuleTally(Outcome outcome) implements Counted {
    @Override
    public String name() {
        return "rules";
    }

    @Override
    public long count() {
        return 1;
    }

    @Override
    public long newest() {
        return Long.MIN_VALUE;
    }
}
