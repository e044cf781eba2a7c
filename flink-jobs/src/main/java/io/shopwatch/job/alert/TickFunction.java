package io.shopwatch.job.alert;

import io.shopwatch.domain.alert.Rule;
import io.shopwatch.domain.alert.RuleKind;
import io.shopwatch.domain.alert.StreamHealth;
import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.window.Window;
import io.shopwatch.job.common.StatusTypes;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.Keys;
import io.shopwatch.wire.SalesResult;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.Collector;

/**
 * Evaluates a rule at regular instants of event time. What arrives is kept by the evaluation that it is for and taken
 * in when event time has passed it, so every run over the same records sees the same figures, however far one topic
 * runs ahead of another.
 */
abstract class TickFunction extends RuleFunction<RuleInput> {
    private static final long serialVersionUID = 1;

    /** A leap of event time beyond this is not lived through tick by tick. */
    private static final long LEAP_MILLIS = 3 * 86_400_000L;

    /** Segment values without visitors for this long are forgotten; as long as series stay visible. */
    private static final long FORGET_MILLIS = 26 * 3_600_000L;

    private transient MapState<Long, Map<String, Counts>> pendingCounts;
    private transient MapState<Long, Map<String, JobStatus>> pendingStatus;
    private transient MapState<Long, Map<String, InventoryResult>> pendingStock;
    private transient MapState<String, Counts> latest;
    private transient ValueState<StreamHealth> health;
    private transient ValueState<Long> nextTick;

    TickFunction(RulesInForce builtIn) {
        super(builtIn);
    }

    @Override
    public void open(OpenContext context) {
        // All of this ends with the rule (onTimer), what is pending with its tick.
        pendingCounts = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "pending-counts", Types.LONG, Types.MAP(Types.STRING, TypeInformation.of(Counts.class))));
        pendingStatus = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "pending-status", Types.LONG, Types.MAP(Types.STRING, StatusTypes.JOB_STATUS)));
        pendingStock = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "pending-stock",
                        Types.LONG,
                        Types.MAP(Types.STRING, TypeInformation.of(InventoryResult.class))));
        latest = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("latest", Types.STRING, TypeInformation.of(Counts.class)));
        health = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("health", TypeInformation.of(StreamHealth.class)));
        nextTick = getRuntimeContext().getState(new ValueStateDescriptor<>("next-tick", Types.LONG));
    }

    /** Time between the ticks of a rule. */
    abstract long step(Rule rule);

    /**
     * Evaluates the rule at the end of a tick.
     *
     * @param counts newest figures, summed over currencies, in a fixed order
     * @param stock what became of SKUs since the last tick
     */
    abstract void tick(
            Rule rule,
            long end,
            Collection<Counts> counts,
            StreamHealth health,
            Collection<InventoryResult> stock,
            OnTimerContext context,
            Collector<Signal> out)
            throws Exception;

    /** The rule is gone: resolve what is open, forget the rest. */
    abstract void end(long end, OnTimerContext context, Collector<Signal> out) throws Exception;

    @Override
    public void processElement(RuleInput routed, ReadOnlyContext context, Collector<Signal> out) throws Exception {
        Rule rule = inForce(context).find(routed.rule());
        if (rule == null) {
            return;
        }
        AlertInput input = routed.input();
        long time = timeOf(input);
        long step = step(rule);
        Long next = nextTick.value();
        if (next == null) {
            long from =
                    Math.max(time, context.currentWatermark() == Long.MIN_VALUE ? time : context.currentWatermark());
            next = (Math.floorDiv(from, step) + 1) * step;
            nextTick.update(next);
            context.timerService().registerEventTimeTimer(next - 1);
        }
        long tick = Math.max(next, -Math.floorDiv(-time - 1, step) * step);
        if (input.status() != null) {
            put(pendingStatus, tick, input.status().job(), input.status(), JobStatus::watermark);
        } else if (input.stock() != null) {
            put(pendingStock, tick, input.stock().key(), input.stock(), InventoryResult::time);
        } else {
            take(rule, input, tick);
        }
    }

    /** The last instant that the record's figures speak of. */
    static long timeOf(AlertInput input) {
        if (input.funnel() != null) {
            return input.funnel().end() - 1;
        }
        if (input.sales() != null) {
            return input.sales().end() - 1;
        }
        return input.stock() != null ? input.stock().time() : input.status().watermark();
    }

    /** Keeps the newest by its time: reports may come by several ways, and overtake each other. */
    static <V> void put(MapState<Long, Map<String, V>> state, long tick, String key, V value, ToLongFunction<V> time)
            throws Exception {
        Map<String, V> bucket = state.get(tick);
        if (bucket == null) {
            bucket = new HashMap<>();
        }
        bucket.merge(key, value, (known, other) -> time.applyAsLong(other) < time.applyAsLong(known) ? known : other);
        state.put(tick, bucket);
    }

    private void take(Rule rule, AlertInput input, long tick) throws Exception {
        FunnelResult funnel = input.funnel();
        SalesResult sales = input.sales();
        String segment = funnel != null ? funnel.segment() : sales.segment();
        String value = funnel != null ? funnel.value() : sales.value();
        String window = funnel != null ? funnel.window() : sales.window();
        long end = funnel != null ? funnel.end() : sales.end();
        long[] figures = funnel != null
                ? funnel.steps().stream().mapToLong(FunnelResult.Step::visitors).toArray()
                : new long[] {
                    sales.visitors(),
                    sales.ordersPlaced(),
                    sales.ordersPaid(),
                    Money.of(new BigDecimal(sales.gmvPaid()))
                };
        String key = Keys.of(segment, value, funnel != null ? "" : sales.currency());
        Map<String, Counts> bucket = pendingCounts.get(tick);
        if (bucket == null) {
            bucket = new HashMap<>();
        }
        Counts counts = bucket.computeIfAbsent(key, k -> new Counts());
        counts.segment = segment;
        counts.value = value;
        counts.currency = funnel != null ? "" : sales.currency();
        boolean ownWindow = rule.kind() == RuleKind.GMV_BEHIND_TARGET
                ? window.equals(Window.TODAY.wireName())
                : window.equals(rule.window());
        counts.take(window.equals(Window.ONE_MINUTE.wireName()), ownWindow, end, figures);
        pendingCounts.put(tick, bucket);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Signal> out) throws Exception {
        Long tick = nextTick.value();
        long watermark = context.timerService().currentWatermark();
        // The end of all input hands over what is buffered; it is no passing of time.
        if (tick == null || timestamp != tick - 1 || watermark == Long.MAX_VALUE) {
            return;
        }
        Rule rule = inForce(context).find(context.getCurrentKey());
        if (rule == null) {
            end(tick, context, out);
            pendingCounts.clear();
            pendingStatus.clear();
            pendingStock.clear();
            latest.clear();
            health.clear();
            nextTick.clear();
            return;
        }
        StreamHealth streams = health.value();
        if (streams == null) {
            streams = new StreamHealth();
        }
        for (Map<String, JobStatus> statuses : take(pendingStatus, tick)) {
            note(statuses, streams);
        }
        streams.now = Math.max(streams.now, tick - 1);
        for (Map<String, Counts> arrived : take(pendingCounts, tick)) {
            for (Map.Entry<String, Counts> entry : arrived.entrySet()) {
                Counts known = latest.get(entry.getKey());
                if (known == null) {
                    latest.put(entry.getKey(), entry.getValue());
                } else {
                    known.merge(entry.getValue());
                    latest.put(entry.getKey(), known);
                }
            }
        }
        List<InventoryResult> stock = new ArrayList<>();
        for (Map<String, InventoryResult> changed : take(pendingStock, tick)) {
            stock.addAll(new TreeMap<>(changed).values());
        }
        tick(rule, tick, sums(tick), streams, stock, context, out);
        health.update(streams);
        long step = step(rule);
        long next = (Math.floorDiv(tick, step) + 1) * step;
        if (watermark - next > LEAP_MILLIS) {
            next = (Math.floorDiv(watermark, step) - 3_600_000L / step) * step;
        }
        nextTick.update(next);
        context.timerService().registerEventTimeTimer(next - 1);
    }

    /** Takes in the newest reports of jobs, always in the same order. */
    static void note(Map<String, JobStatus> byJob, StreamHealth health) {
        for (JobStatus status : new TreeMap<>(byJob).values()) {
            health.note(status.job(), status.watermark(), status.time(), status.events(), status.newest());
        }
    }

    /** What is for this tick, or for one before that a change of the rule left out, in order of time. */
    static <V> List<V> take(MapState<Long, V> state, long tick) throws Exception {
        TreeMap<Long, V> due = new TreeMap<>();
        for (Map.Entry<Long, V> entry : state.entries()) {
            if (entry.getKey() <= tick) {
                due.put(entry.getKey(), entry.getValue());
            }
        }
        for (Long passed : due.keySet()) {
            state.remove(passed);
        }
        return List.copyOf(due.values());
    }

    private Collection<Counts> sums(long tick) throws Exception {
        TreeMap<String, Counts> sums = new TreeMap<>();
        List<String> forgotten = new ArrayList<>();
        for (Map.Entry<String, Counts> entry : latest.entries()) {
            Counts counts = entry.getValue();
            if (counts.aliveAt < tick - FORGET_MILLIS) {
                forgotten.add(entry.getKey());
                continue;
            }
            String key = Keys.of(counts.segment, counts.value, byCurrency() ? counts.currency : "");
            Counts sum = sums.get(key);
            if (sum == null) {
                sum = new Counts();
                sum.segment = counts.segment;
                sum.value = counts.value;
                sum.currency = counts.currency;
                sums.put(key, sum);
            }
            sum.add(counts);
        }
        for (String key : forgotten) {
            latest.remove(key);
        }
        return sums.values();
    }

    /** Whether figures of different currencies stay apart. */
    boolean byCurrency() {
        return false;
    }
}
