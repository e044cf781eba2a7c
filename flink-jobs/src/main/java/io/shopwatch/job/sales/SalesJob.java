package io.shopwatch.job.sales;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.sales.SalesRow;
import io.shopwatch.domain.sales.VisitorRules;
import io.shopwatch.domain.window.SeriesChange;
import io.shopwatch.job.common.EventTypes;
import io.shopwatch.job.common.JobResults;
import io.shopwatch.job.common.OrderFacts;
import io.shopwatch.job.common.OrderedOperator;
import io.shopwatch.job.common.PackedEvent;
import io.shopwatch.job.common.ResultTypes;
import io.shopwatch.job.common.ShopStreams;
import io.shopwatch.job.common.SlidingWindowOperator;
import io.shopwatch.job.common.Tally;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.SalesResult;
import java.util.EnumSet;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Sales of all windows and segments: visitors, buyers, orders, units, money and carts.
 *
 * <pre>
 *   clicks, carts ──────────────────────────────┐
 *                                               ├─(visitor)─► follow visitors ──► slide windows ──► sales
 *   orders ─(order)─► turn into facts ─► money ─┘
 *                                  └─► late ────┘
 * </pre>
 */
public final class SalesJob {

    /** Name of the job. */
    public static final String NAME = "sales";

    private SalesJob() {}

    /** Builds the job on its inputs. */
    public static JobResults<SalesResult> build(ShopStreams shop, Settings settings) {
        SingleOutputStreamOperator<ShopEvent> facts = orderFacts(shop, settings);
        SingleOutputStreamOperator<SeriesChange> changes =
                followVisitors(behaviour(shop).union(inTime(facts), late(facts)), settings);
        SingleOutputStreamOperator<SalesResult> rows = slideWindows(changes, settings);
        DataStream<Tally> tallies = shop.tallies()
                .union(facts.getSideOutput(OrderedOperator.TALLIES), changes.getSideOutput(OrderedOperator.TALLIES));
        return new JobResults<>(rows, tallies);
    }

    private static SingleOutputStreamOperator<ShopEvent> orderFacts(ShopStreams shop, Settings settings) {
        return OrderFacts.apply(
                shop.eventsOf(EnumSet.of(EventStream.ORDERS), "sales-orders-v1"), settings, "sales-order-facts-v6");
    }

    /** Clicks and cart events. The job's clock reaches the visitors with the facts; joined here it would cut the chain. */
    private static DataStream<SalesEvent> behaviour(ShopStreams shop) {
        PackedEvent.Packer packer = new PackedEvent.Packer();
        return shop.events()
                .filter(event -> event.stream() == EventStream.CLICKS || event.stream() == EventStream.CARTS)
                .setParallelism(shop.events().getParallelism())
                .name("Keep clicks and carts")
                .uid("sales-behaviour-v1")
                .map(event -> SalesEvent.inTime(packer.pack(event)))
                .returns(SalesEvent.TYPE)
                .setParallelism(shop.events().getParallelism())
                .name("Take clicks and carts")
                .uid("sales-take-behaviour-v1");
    }

    private static DataStream<SalesEvent> inTime(SingleOutputStreamOperator<ShopEvent> facts) {
        PackedEvent.Packer packer = new PackedEvent.Packer();
        return facts.filter(SalesJob::isMoney)
                .name("Facts that move money")
                .uid("sales-money-v1")
                .map(fact -> SalesEvent.inTime(packer.pack(fact)))
                .returns(SalesEvent.TYPE)
                .name("Take facts")
                .uid("sales-take-facts-v1");
    }

    private static DataStream<SalesEvent> late(SingleOutputStreamOperator<ShopEvent> facts) {
        PackedEvent.Packer packer = new PackedEvent.Packer();
        return facts.getSideOutput(OrderFacts.LATE)
                .filter(late -> isMoney(late.fact()))
                .name("Late facts that move money")
                .uid("sales-late-money-v1")
                .map(late -> SalesEvent.late(packer.pack(late.fact()), late.knownAt()))
                .returns(SalesEvent.TYPE)
                .name("Take late facts")
                .uid("sales-take-late-facts-v1");
    }

    private static boolean isMoney(ShopEvent fact) {
        return fact.type() == EventType.PLACED || fact.type() == EventType.PAID || fact.type() == EventType.REFUNDED;
    }

    private static SingleOutputStreamOperator<SeriesChange> followVisitors(
            DataStream<SalesEvent> events, Settings settings) {
        return OrderedOperator.apply(
                        events.keyBy(SalesEvent::visitorId, EventTypes.KEY),
                        new VisitorSalesFunction(
                                new VisitorRules(settings.shop().timezone())),
                        ResultTypes.SERIES_CHANGE)
                .name("Follow visitors and their carts")
                .uid("sales-visitors-v5");
    }

    private static SingleOutputStreamOperator<SalesResult> slideWindows(
            DataStream<SeriesChange> changes, Settings settings) {
        return SlidingWindowOperator.apply(
                        changes,
                        SalesRow.FIELDS,
                        settings.shop().timezone(),
                        new SalesAssembler(settings.shop().currency()),
                        ResultTypes.SALES)
                .name("Slide sales windows")
                .uid("sales-windows-v3");
    }
}
