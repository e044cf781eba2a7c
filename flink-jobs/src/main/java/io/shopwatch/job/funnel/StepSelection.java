package io.shopwatch.job.funnel;

import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.funnel.FunnelPlan;
import io.shopwatch.job.common.SelectOperator;

/** Of clicks and cart events those that reach a step of a funnel, with what a funnel reads of them. */
record StepSelection(FunnelPlan plan) implements SelectOperator.Selection {

    @Override
    public boolean test(ShopEvent event) {
        return plan.uses(event.type());
    }

    @Override
    public ShopEvent apply(ShopEvent event) {
        return ShopEvent.builder(event.type(), event.eventId(), event.time())
                .visitor(event.visitorId())
                .channel(event.channel())
                .campaign(event.campaign())
                .device(event.device())
                .region(event.region())
                .category(event.category())
                .build();
    }
}
