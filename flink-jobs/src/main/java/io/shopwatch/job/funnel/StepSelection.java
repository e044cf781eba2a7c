package io.shopwatch.job.funnel;

import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.funnel.FunnelPlan;
import io.shopwatch.job.common.SelectOperator;

/** Of clicks and cart events those that reach a step of a funnel. */
record StepSelection(FunnelPlan plan) implements SelectOperator.Selection {

    @Override
    public boolean test(ShopEvent event) {
        return plan.uses(event.type());
    }
}
