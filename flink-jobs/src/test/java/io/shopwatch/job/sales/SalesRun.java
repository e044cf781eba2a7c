package io.shopwatch.job.sales;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.OrderRules;
import io.shopwatch.domain.event.Outcome;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.sales.SalesRow;
import io.shopwatch.domain.sales.VisitorRules;
import io.shopwatch.domain.window.SeriesChange;
import io.shopwatch.job.common.OrderFacts;
import io.shopwatch.job.common.OrderedOperator;
import io.shopwatch.job.common.PackedEvent;
import io.shopwatch.job.common.ResultTypes;
import io.shopwatch.job.common.ShopEventSerializer;
import io.shopwatch.job.common.SlidingWindowOperator;
import io.shopwatch.job.common.Tally;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.SalesResult;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** The three stateful operators of the sales job in a row, each in a harness: exact control of time, no cluster. */
final class SalesRun implements AutoCloseable {
    private final Settings settings;
    private final List<SalesResult> rows = new ArrayList<>();
    private final Map<EventStream, Map<Outcome, Long>> tallies = new EnumMap<>(EventStream.class);

    private KeyedOneInputStreamOperatorTestHarness<String, ShopEvent, ShopEvent> orders;
    private final PackedEvent.Packer packer = new PackedEvent.Packer();
    private KeyedOneInputStreamOperatorTestHarness<String, SalesEvent, SeriesChange> visitors;
    private OneInputStreamOperatorTestHarness<SeriesChange, SalesResult> windows;
    private SlidingWindowOperator<SalesResult> sums;
    private long watermark = Long.MIN_VALUE;

    SalesRun(Settings settings) throws Exception {
        this.settings = settings;
        start(null, null, null);
    }

    /** Takes in an event. */
    void send(ShopEvent event) throws Exception {
        if (event.stream() == EventStream.ORDERS) {
            orders.processElement(event, event.time());
            drain();
        } else {
            visitors.processElement(SalesEvent.inTime(packer.pack(event)), event.time());
            drain();
        }
    }

    /** Takes in events as they arrive, each followed by the watermark of that out-of-orderness. */
    void sendAll(List<ShopEvent> events, long outOfOrderness) throws Exception {
        for (ShopEvent event : events) {
            send(event);
            reach(Math.max(watermark, event.time() - outOfOrderness - 1));
        }
    }

    /** Moves event time on. */
    void reach(long time) throws Exception {
        watermark = time;
        orders.processWatermark(time);
        drain();
        visitors.processWatermark(time);
        drain();
        windows.processWatermark(time);
        drain();
    }

    /** Stops after a checkpoint and goes on from it in new operators. */
    void restart() throws Exception {
        // As before a barrier: what is being added up is handed on.
        visitors.getOperator().prepareSnapshotPreBarrier(1);
        drain();
        OperatorSubtaskState ordersState = orders.snapshot(1, 1);
        OperatorSubtaskState visitorsState = visitors.snapshot(1, 1);
        OperatorSubtaskState windowsState = windows.snapshot(1, 1);
        close();
        start(ordersState, visitorsState, windowsState);
    }

    /** Rows so far. */
    List<SalesResult> rows() {
        return rows;
    }

    long tally(EventStream stream, Outcome outcome) {
        return tallies.getOrDefault(stream, Map.of()).getOrDefault(outcome, 0L);
    }

    /** Everything that is still remembered: keyed states, timers, series. */
    int kept() {
        return orders.numKeyedStateEntries()
                + orders.numEventTimeTimers()
                + visitors.numKeyedStateEntries()
                + visitors.numEventTimeTimers()
                + sums.size();
    }

    private void start(
            OperatorSubtaskState ordersState, OperatorSubtaskState visitorsState, OperatorSubtaskState windowsState)
            throws Exception {
        OrderRules rules = new OrderRules(
                settings.events().dedupTtl(),
                settings.orders().ttl(),
                settings.shop().currency());
        orders = new KeyedOneInputStreamOperatorTestHarness<>(
                OrderedOperator.of(new OrderFacts(rules), new ShopEventSerializer(), ShopEvent::orderId),
                ShopEvent::orderId,
                Types.STRING);
        visitors = new KeyedOneInputStreamOperatorTestHarness<>(
                OrderedOperator.of(
                        new VisitorSalesFunction(
                                new VisitorRules(settings.shop().timezone())),
                        SalesEvent.TYPE.createSerializer(new SerializerConfigImpl()),
                        SalesEvent::visitorId),
                SalesEvent::visitorId,
                Types.STRING);
        sums = SlidingWindowOperator.of(
                SalesRow.FIELDS,
                settings.shop().timezone(),
                new SalesAssembler(settings.shop().currency()));
        windows = new OneInputStreamOperatorTestHarness<>(sums);
        orders.setup(serializer(ShopEvent.class));
        visitors.setup(ResultTypes.SERIES_CHANGE.createSerializer(new SerializerConfigImpl()));
        windows.setup(serializer(SalesResult.class));
        if (ordersState != null) {
            orders.initializeState(ordersState);
            visitors.initializeState(visitorsState);
            windows.initializeState(windowsState);
        }
        orders.open();
        visitors.open();
        windows.open();
    }

    private void drain() throws Exception {
        for (ShopEvent fact : take(orders.getOutput(), ShopEvent.class)) {
            if (isMoney(fact)) {
                visitors.processElement(SalesEvent.inTime(packer.pack(fact)), fact.time());
            }
        }
        for (OrderFacts.LateFact late : takeSide(orders, OrderFacts.LATE)) {
            if (isMoney(late.fact())) {
                visitors.processElement(SalesEvent.late(packer.pack(late.fact()), late.knownAt()), late.knownAt());
            }
        }
        for (SeriesChange change : take(visitors.getOutput(), SeriesChange.class)) {
            windows.processElement(change, 0);
        }
        rows.addAll(take(windows.getOutput(), SalesResult.class));
        count(takeSide(orders, OrderedOperator.TALLIES));
        count(takeSide(visitors, OrderedOperator.TALLIES));
    }

    private static boolean isMoney(ShopEvent fact) {
        return fact.type() == EventType.PLACED || fact.type() == EventType.PAID || fact.type() == EventType.REFUNDED;
    }

    private void count(List<Tally> counted) {
        for (Tally tally : counted) {
            tallies.computeIfAbsent(tally.stream(), stream -> new EnumMap<>(Outcome.class))
                    .merge(tally.outcome(), tally.count(), Long::sum);
        }
    }

    private static <T> List<T> take(Queue<Object> output, Class<T> type) {
        List<T> values = new ArrayList<>();
        for (Object element = output.poll(); element != null; element = output.poll()) {
            if (element instanceof StreamRecord<?> one) {
                values.add(type.cast(one.getValue()));
            }
        }
        return values;
    }

    private static <T> List<T> takeSide(
            KeyedOneInputStreamOperatorTestHarness<String, ?, ?> harness, OutputTag<T> tag) {
        List<T> values = new ArrayList<>();
        Queue<StreamRecord<T>> output = harness.getSideOutput(tag);
        if (output != null) {
            for (StreamRecord<T> one = output.poll(); one != null; one = output.poll()) {
                values.add(one.getValue());
            }
        }
        return values;
    }

    private static <T> TypeSerializer<T> serializer(Class<T> type) {
        SerializerConfigImpl config = new SerializerConfigImpl();
        config.setGenericTypes(false);
        return TypeInformation.of(type).createSerializer(config);
    }

    @Override
    public void close() {
        try {
            orders.close();
            visitors.close();
            windows.close();
        } catch (Exception e) {
            throw new AssertionError("the operators must close", e);
        }
    }
}
