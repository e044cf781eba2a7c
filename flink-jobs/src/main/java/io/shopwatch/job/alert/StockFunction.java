package io.shopwatch.job.alert;

import io.shopwatch.domain.alert.Rule;
import io.shopwatch.domain.alert.StockWatch;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.InventoryResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.util.Collector;

/** Rules on stock, all of them on one SKU in one warehouse; keyed by those. */
final class StockFunction extends RuleFunction<InventoryResult> {
    private static final long serialVersionUID = 1;

    /** A SKU that nothing is heard of, and that is in no incident, is forgotten after this. */
    private static final long FORGET_MILLIS = 8 * 86_400_000L;

    /** An open incident is looked after this often, though nothing is heard of its SKU: its rule may be gone. */
    private static final long LOOK_MILLIS = 60_000;

    /**
     * Where the SKU stands under one rule.
     *
     * @param rule as it was evaluated last
     * @param sku the SKU
     * @param warehouse the warehouse
     * @param watch how it stands
     */
    public record Watched(Rule rule, String sku, String warehouse, StockWatch watch) {}

    private final Alerts alerts;

    private transient MapState<String, Watched> watches;
    private transient MapState<Long, List<InventoryResult>> pending;
    private transient ValueState<Long> timer;

    StockFunction(RulesInForce builtIn, Settings settings) {
        super(builtIn);
        this.alerts = new Alerts(settings);
    }

    @Override
    public void open(OpenContext context) {
        // All of this ends by a timer: FORGET_MILLIS after the last figures.
        watches = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("watches", Types.STRING, TypeInformation.of(Watched.class)));
        pending = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "pending", Types.LONG, Types.LIST(TypeInformation.of(InventoryResult.class))));
        timer = getRuntimeContext().getState(new ValueStateDescriptor<>("timer", Types.LONG));
    }

    /** When all is in that happened before a time: figures of a time are of the events before it. */
    private static long before(long time) {
        return time - 1;
    }

    private static StockWatch.Policy policy(Rule rule) {
        return new StockWatch.Policy(
                rule.kind(),
                rule.horizonMillis(),
                rule.minSales(),
                rule.afterMillis(),
                (rule.breaches() - 1) * rule.everyMillis(),
                rule.recoveries() * rule.everyMillis());
    }

    private static StockWatch.Level level(InventoryResult stock) {
        return new StockWatch.Level(
                stock.time(),
                stock.available(),
                stock.state(),
                stock.coverSeconds(),
                stock.recentSales(),
                stock.velocityPerHour(),
                stock.reorderPoint(),
                stock.lastReceived());
    }

    @Override
    public void processElement(InventoryResult stock, ReadOnlyContext context, Collector<Signal> out) throws Exception {
        // Levels wait for their time: one topic may be far ahead of another. A late one counts from now on.
        long watermark = context.currentWatermark();
        // What is said at a time that has passed, nobody behind takes in.
        long time = watermark == Long.MIN_VALUE ? stock.time() : Math.max(stock.time(), watermark + 2);
        Pending.add(pending, time, stock);
        context.timerService().registerEventTimeTimer(before(time));
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Signal> out) throws Exception {
        long now = timestamp + 1;
        // The end of all input hands over what is buffered; time itself, and what it would bring, ends there.
        boolean over = context.timerService().currentWatermark() == Long.MAX_VALUE;
        List<InventoryResult> levels = pending.get(now);
        if (levels != null) {
            pending.remove(now);
        }
        // Read and written as a whole: each access to state looks for the SKU anew.
        Map<String, Watched> gone = new TreeMap<>();
        for (Map.Entry<String, Watched> entry : watches.entries()) {
            gone.put(entry.getKey(), entry.getValue());
        }
        Map<String, Watched> kept = new HashMap<>();
        long due = Long.MAX_VALUE;
        for (Rule rule : inForce(context).rules()) {
            if (!rule.kind().isStock()) {
                continue;
            }
            Watched before = gone.remove(rule.name());
            if (before == null && levels == null) {
                continue;
            }
            Watched watched = before == null
                    ? new Watched(rule, levels.get(0).sku(), levels.get(0).warehouse(), new StockWatch())
                    : new Watched(rule, before.sku, before.warehouse, before.watch);
            due = Math.min(due, evaluate(watched, levels, now, over, kept, out));
        }
        if (!kept.isEmpty()) {
            watches.putAll(kept);
        }
        for (Watched ended : gone.values()) {
            end(ended, now, out);
        }
        schedule(due, now, context.timerService());
    }

    /** Returns the next time that may change anything, {@link Long#MAX_VALUE} when the SKU is forgotten. */
    private long evaluate(
            Watched watched,
            List<InventoryResult> levels,
            long now,
            boolean over,
            Map<String, Watched> kept,
            Collector<Signal> out)
            throws Exception {
        StockWatch watch = watched.watch;
        StockWatch.Policy policy = policy(watched.rule);
        if (levels != null) {
            for (InventoryResult stock : levels) {
                watch.note(level(stock), policy);
            }
        }
        // Of what only time would bring, the end of all input tells what had recovered.
        boolean recovering = watch.open && watch.streak.good > 0;
        if (levels != null || !over || recovering) {
            long endsAt = watch.streak.since;
            StockWatch.Change change = watch.settle(now, policy);
            if (change != StockWatch.Change.NONE) {
                boolean firing = change == StockWatch.Change.FIRED;
                out.collect(alerts.stock(
                        watched.rule, watched.sku, watched.warehouse, watch, firing, now, firing ? 0 : endsAt));
            }
        }
        long forgottenAt = watch.latest.time() + FORGET_MILLIS;
        if (!watch.open && now >= forgottenAt) {
            watches.remove(watched.rule.name());
            return Long.MAX_VALUE;
        }
        kept.put(watched.rule.name(), watched);
        if (over) {
            return watch.open && watch.streak.good > 0 ? watch.due(policy) : Long.MAX_VALUE;
        }
        return Math.min(watch.due(policy), watch.open ? now + LOOK_MILLIS : forgottenAt);
    }

    private void end(Watched watched, long now, Collector<Signal> out) throws Exception {
        if (watched.watch.open && watched.watch.announced) {
            out.collect(alerts.stock(watched.rule, watched.sku, watched.warehouse, watched.watch, false, now, now));
        }
        watches.remove(watched.rule.name());
    }

    /** One timer at a time, beside those of pending levels: the next that may change anything. */
    private void schedule(long due, long now, TimerService timers) throws Exception {
        // What is decided for a time that has passed is said at the next instant there is.
        Long at = due == Long.MAX_VALUE ? null : Math.max(due, now + 1);
        Long set = timer.value();
        // A timer that comes too early looks again: to forget a SKU is put off with each level.
        if (set != null && at != null && set > now && set <= at) {
            return;
        }
        // Levels may wait for the same instant.
        if (set != null && set > now && !pending.contains(set)) {
            timers.deleteEventTimeTimer(before(set));
        }
        if (at == null) {
            timer.clear();
            return;
        }
        timers.registerEventTimeTimer(before(at));
        timer.update(at);
    }
}
