package io.shopwatch.job.funnel;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.funnel.FunnelPlan;
import io.shopwatch.job.common.JobResults;
import io.shopwatch.job.common.OrderFacts;
import io.shopwatch.job.common.OrderedOperator;
import io.shopwatch.job.common.PaneDelta;
import io.shopwatch.job.common.ShopStreams;
import io.shopwatch.job.common.SlidingWindowOperator;
import io.shopwatch.job.common.Tally;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.FunnelResult;
import java.util.EnumSet;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Distinct visitors of every funnel step, for all windows and segments.
 *
 * <pre>
 *   clicks, carts ───────────────────────┐
 *                                        ├─(visitor)─► follow visitors ──► slide windows ──► funnels
 *   orders ─(order)─► turn into facts ───┘
 * </pre>
 */
public final class FunnelJob {

    /** Name of the job. */
    public static final String NAME = "funnel";

    /** The most steps a funnel may have; part of the windows' state format. */
    private static final int MAX_STEPS = 16;

    private FunnelJob() {}

    /** Builds the job on its inputs. */
    public static JobResults<FunnelResult> build(ShopStreams shop, Settings settings) {
        FunnelPlan plan = new FunnelPlan(settings.funnels());
        SingleOutputStreamOperator<ShopEvent> orders = orderFacts(shop, settings);
        SingleOutputStreamOperator<PaneDelta> visitors = followVisitors(shop, orders, plan, settings);
        SingleOutputStreamOperator<FunnelResult> results = slideWindows(visitors, plan, settings);
        DataStream<Tally> tallies = shop.tallies()
                .union(orders.getSideOutput(OrderedOperator.TALLIES), visitors.getSideOutput(OrderedOperator.TALLIES));
        return new JobResults<>(results, tallies);
    }

    private static SingleOutputStreamOperator<ShopEvent> orderFacts(ShopStreams shop, Settings settings) {
        return OrderFacts.apply(
                shop.eventsOf(EnumSet.of(EventStream.ORDERS), "funnel-orders-v1"), settings, "funnel-order-facts-v1");
    }

    private static SingleOutputStreamOperator<PaneDelta> followVisitors(
            ShopStreams shop, DataStream<ShopEvent> orders, FunnelPlan plan, Settings settings) {
        DataStream<ShopEvent> visits =
                shop.eventsOf(EnumSet.of(EventStream.CLICKS, EventStream.CARTS), "funnel-visits-v1");
        return OrderedOperator.apply(
                        visits.union(orders).keyBy(ShopEvent::visitorId),
                        new FunnelFunction(plan, settings.shop().timezone()),
                        TypeInformation.of(PaneDelta.class))
                .name("Follow visitors through funnels")
                .uid("funnel-visitors-v1");
    }

    private static SingleOutputStreamOperator<FunnelResult> slideWindows(
            DataStream<PaneDelta> visitors, FunnelPlan plan, Settings settings) {
        return SlidingWindowOperator.apply(
                        visitors,
                        MAX_STEPS,
                        settings.shop().timezone(),
                        new FunnelAssembler(plan),
                        TypeInformation.of(FunnelResult.class))
                .name("Slide funnel windows")
                .uid("funnel-windows-v1");
    }
}
