package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventOrder;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.OrderHistory;
import io.shopwatch.domain.event.OrderRules;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.window.Window;
import io.shopwatch.settings.Settings;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/**
 * Turns the stream of order events into facts by {@link OrderRules}: the main output has them in event-time order per
 * order, {@link #LATE} those whose time has been reported already. Counts the orders stream.
 *
 * <p>State per order ends {@code orders.ttl} after its last event, ids of events after {@code events.dedup-ttl}.
 */
public final class OrderFacts extends OrderedFunction<ShopEvent, ShopEvent> {

    /** Facts that come too late for anything but the sales of the day. */
    public static final OutputTag<LateFact> LATE =
            new OutputTag<>("late-order-facts", TypeInformation.of(LateFact.class));

    private static final long serialVersionUID = 1;

    private final OrderRules rules;
    private transient KeyedBytes orders;
    private transient OrderCodec codec;

    /**
     * A fact whose time has been reported already.
     *
     * @param fact the fact, at its own time
     * @param knownAt event time that had been reached when it became known, epoch milliseconds
     */
    public record LateFact(ShopEvent fact, long knownAt) {}

    /**
     * State of an order.
     *
     * @param history what is known of it
     * @param timer when it is woken next
     */
    record Order(OrderHistory history, long timer) {
        private static final Order NEW = new Order(OrderHistory.EMPTY, OrderHistory.NEVER);
    }

    /** The function by itself, for a test harness. */
    public OrderFacts(OrderRules rules) {
        this.rules = rules;
    }

    /**
     * Attaches the operator.
     *
     * @param orders events of the orders stream
     * @param settings how long ids and orders are remembered, and the shop's currency
     * @param uid uid of the operator, unique in the job
     */
    public static SingleOutputStreamOperator<ShopEvent> apply(
            DataStream<ShopEvent> orders, Settings settings, String uid) {
        OrderRules rules = new OrderRules(
                settings.events().dedupTtl(),
                settings.orders().ttl(),
                settings.shop().currency());
        return OrderedOperator.apply(
                        orders.keyBy(ShopEvent::orderId, EventTypes.KEY), new OrderFacts(rules), EventTypes.SHOP_EVENT)
                .name("Turn order events into facts")
                .uid(uid);
    }

    @Override
    public void open(OpenContext context) throws Exception {
        // Ends by its timer: see keep.
        orders = bytes("order");
        codec = new OrderCodec();
    }

    @Override
    public long timeOf(ShopEvent event) {
        return event.time();
    }

    @Override
    public Comparator<ShopEvent> order() {
        return EventOrder.WITHIN_INSTANT;
    }

    @Override
    public EventStream countedAs(ShopEvent event) {
        return EventStream.ORDERS;
    }

    @Override
    public void onInstant(List<ShopEvent> sameInstant, Context<ShopEvent> context) throws Exception {
        Order order = find();
        for (ShopEvent event : sameInstant) {
            order = decided(order, rules.onTime(order.history, event), event.time(), context);
        }
        keep(order, context);
    }

    @Override
    public void onLate(ShopEvent event, Context<ShopEvent> context) throws Exception {
        Order order = find();
        long now = context.watermark();
        keep(decided(order, rules.late(order.history, event, now), now, context), context);
    }

    @Override
    public void onTimer(long time, Context<ShopEvent> context) throws Exception {
        if (orders.find()) {
            // The rules never count what has been kept too long, so it does not matter if this is a minute late.
            Order order = codec.read(orders.array(), orders.offset());
            long timer = order.timer <= time ? OrderHistory.NEVER : order.timer;
            keep(new Order(rules.settle(order.history, time), timer), context);
        }
    }

    private Order find() throws IOException {
        return orders.find() ? codec.read(orders.array(), orders.offset()) : Order.NEW;
    }

    private static Order decided(Order order, OrderRules.Decision decision, long now, Context<ShopEvent> context) {
        if (decision.duplicate()) {
            context.countDuplicate(EventStream.ORDERS);
        }
        decision.facts().forEach(context::collect);
        for (ShopEvent fact : decision.lateFacts()) {
            context.output(LATE, new LateFact(fact, now));
        }
        return new Order(decision.next(), order.timer);
    }

    private void keep(Order order, Context<ShopEvent> context) throws Exception {
        if (order.history.isEmpty()) {
            orders.clear();
            return;
        }
        // Lazily: who is woken too early looks again, so an order has hardly ever more than one timer.
        long due = Window.upToMinute(rules.due(order.history));
        long timer = order.timer;
        if (timer == OrderHistory.NEVER || due < timer) {
            context.wakeAt(due);
            timer = due;
        }
        orders.write(codec.write(new Order(order.history, timer)));
    }
}
