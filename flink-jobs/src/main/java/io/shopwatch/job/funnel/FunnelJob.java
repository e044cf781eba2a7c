package io.shopwatch.job.funnel;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.funnel.FunnelPlan;
import io.shopwatch.domain.window.SeriesChange;
import io.shopwatch.job.common.EventTypes;
import io.shopwatch.job.common.JobResults;
import io.shopwatch.job.common.OrderFacts;
import io.shopwatch.job.common.OrderedOperator;
import io.shopwatch.job.common.PackedEvent;
import io.shopwatch.job.common.ResultTypes;
import io.shopwatch.job.common.SelectOperator;
import io.shopwatch.job.common.ShopStreams;
import io.shopwatch.job.common.SlidingWindowOperator;
import io.shopwatch.job.common.Tally;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.FunnelResult;
import java.util.EnumSet;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Distinct visitors of every funnel step, for all windows and segments.
 *
 * <pre>
 *   clicks, carts ──► take what is read ──┐
 *                                         ├─(visitor)─► follow visitors ──► slide windows ──► funnels
 *   orders ─(order)─► turn into facts ────┘
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
        SingleOutputStreamOperator<PackedEvent> steps = takeSteps(shop, plan);
        SingleOutputStreamOperator<SeriesChange> visitors = followVisitors(steps.union(pack(orders)), plan, settings);
        SingleOutputStreamOperator<FunnelResult> results = slideWindows(visitors, plan, settings);
        DataStream<Tally> tallies = shop.tallies()
                .union(
                        steps.getSideOutput(OrderedOperator.TALLIES),
                        orders.getSideOutput(OrderedOperator.TALLIES),
                        visitors.getSideOutput(OrderedOperator.TALLIES));
        return new JobResults<>(results, tallies);
    }

    private static SingleOutputStreamOperator<ShopEvent> orderFacts(ShopStreams shop, Settings settings) {
        return OrderFacts.apply(
                shop.eventsOf(EnumSet.of(EventStream.ORDERS), "funnel-orders-v1"), settings, "funnel-order-facts-v6");
    }

    private static DataStream<PackedEvent> pack(DataStream<ShopEvent> facts) {
        PackedEvent.Packer packer = new PackedEvent.Packer();
        return facts.map(packer::pack)
                .returns(EventTypes.PACKED_EVENT)
                .name("Take facts")
                .uid("funnel-facts-v1");
    }

    private static SingleOutputStreamOperator<PackedEvent> takeSteps(ShopStreams shop, FunnelPlan plan) {
        DataStream<ShopEvent> visits = shop.events()
                .filter(event -> event.stream() == EventStream.CLICKS || event.stream() == EventStream.CARTS)
                .setParallelism(shop.events().getParallelism())
                .name("Keep clicks and carts")
                .uid("funnel-visits-v1");
        return SelectOperator.apply(visits, new StepSelection(plan))
                .setParallelism(visits.getParallelism())
                .name("Take what funnels read")
                .uid("funnel-steps-v1");
    }

    private static SingleOutputStreamOperator<SeriesChange> followVisitors(
            DataStream<PackedEvent> events, FunnelPlan plan, Settings settings) {
        return OrderedOperator.apply(
                        events.keyBy(PackedEvent::visitorId, EventTypes.KEY),
                        new FunnelFunction(plan, settings.shop().timezone()),
                        ResultTypes.SERIES_CHANGE)
                .name("Follow visitors through funnels")
                .uid("funnel-visitors-v5");
    }

    private static SingleOutputStreamOperator<FunnelResult> slideWindows(
            DataStream<SeriesChange> visitors, FunnelPlan plan, Settings settings) {
        return SlidingWindowOperator.apply(
                        visitors, MAX_STEPS, settings.shop().timezone(), new FunnelAssembler(plan), ResultTypes.FUNNELS)
                .name("Slide funnel windows")
                .uid("funnel-windows-v3");
    }
}
