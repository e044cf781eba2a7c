package io.shopwatch.job.sales;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.sales.SalesRow;
import io.shopwatch.domain.sales.VisitorRules;
import io.shopwatch.job.common.OrderFacts;
import io.shopwatch.job.common.OrderedOperator;
import io.shopwatch.job.common.PaneDelta;
import io.shopwatch.job.common.SlidingWindowOperator;
import io.shopwatch.job.common.Tally;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.SalesResult;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Sales of all windows and segments: visitors, buyers, orders, units, money and carts.
 *
 * <pre>
 *  clicks, carts ─────────────────────────┐ by visitor
 *                                         ├──► visitor's changes ──► sliding windows ──► rows
 *  orders ──► facts (in time, late) ──────┘                          (one subtask)
 *           by order
 * </pre>
 */
public final class SalesJob {
    private SalesJob() {}

    /**
     * What the job gives.
     *
     * @param sales rows for the topic {@code sales}
     * @param tallies counts of clicks, carts and orders
     */
    public record Results(DataStream<SalesResult> sales, DataStream<Tally> tallies) {}

    /**
     * Builds the topology.
     *
     * @param events clicks, carts and orders (others are ignored), with watermarks
     * @param settings time zone and currency of the shop, and how long orders are remembered
     */
    public static Results build(DataStream<ShopEvent> events, Settings settings) {
        SingleOutputStreamOperator<ShopEvent> facts =
                OrderFacts.apply(orders(events), settings, "sales-order-facts-v1");
        SingleOutputStreamOperator<PaneDelta> changes =
                changesOfVisitors(behaviour(events).union(inTime(facts), late(facts)), settings);
        SingleOutputStreamOperator<SalesResult> rows = rows(changes, settings);
        DataStream<Tally> tallies =
                facts.getSideOutput(OrderedOperator.TALLIES).union(changes.getSideOutput(OrderedOperator.TALLIES));
        return new Results(rows, tallies);
    }

    private static DataStream<ShopEvent> orders(DataStream<ShopEvent> events) {
        return events.filter(event -> event.stream() == EventStream.ORDERS)
                .name("Orders")
                .uid("sales-orders-v1");
    }

    private static DataStream<SalesEvent> behaviour(DataStream<ShopEvent> events) {
        return events.filter(event -> event.stream() == EventStream.CLICKS || event.stream() == EventStream.CARTS)
                .name("Clicks and carts")
                .uid("sales-behaviour-v1")
                .map(event -> new SalesEvent(event, false))
                .returns(SalesEvent.class)
                .name("Take clicks and carts")
                .uid("sales-take-behaviour-v1");
    }

    private static DataStream<SalesEvent> inTime(SingleOutputStreamOperator<ShopEvent> facts) {
        return facts.filter(SalesJob::isMoney)
                .name("Facts that move money")
                .uid("sales-money-v1")
                .map(fact -> new SalesEvent(fact, false))
                .returns(SalesEvent.class)
                .name("Take facts")
                .uid("sales-take-facts-v1");
    }

    private static DataStream<SalesEvent> late(SingleOutputStreamOperator<ShopEvent> facts) {
        return facts.getSideOutput(OrderFacts.LATE)
                .filter(SalesJob::isMoney)
                .name("Late facts that move money")
                .uid("sales-late-money-v1")
                .map(fact -> new SalesEvent(fact, true))
                .returns(SalesEvent.class)
                .name("Take late facts")
                .uid("sales-take-late-facts-v1");
    }

    private static boolean isMoney(ShopEvent fact) {
        return fact.type() == EventType.PLACED || fact.type() == EventType.PAID || fact.type() == EventType.REFUNDED;
    }

    private static SingleOutputStreamOperator<PaneDelta> changesOfVisitors(
            DataStream<SalesEvent> events, Settings settings) {
        return OrderedOperator.apply(
                        events.keyBy(element -> element.event().visitorId()),
                        new VisitorSalesFunction(
                                new VisitorRules(settings.shop().timezone())),
                        TypeInformation.of(PaneDelta.class))
                .name("Follow visitors and their carts")
                .uid("sales-visitors-v1");
    }

    private static SingleOutputStreamOperator<SalesResult> rows(DataStream<PaneDelta> changes, Settings settings) {
        return SlidingWindowOperator.apply(
                        changes,
                        SalesRow.FIELDS,
                        settings.shop().timezone(),
                        new SalesAssembler(settings.shop().currency()),
                        TypeInformation.of(SalesResult.class))
                .name("Add up sales windows")
                .uid("sales-windows-v1");
    }
}
