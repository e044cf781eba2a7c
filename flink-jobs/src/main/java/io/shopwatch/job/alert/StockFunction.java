package io.shopwatch.job.alert;

import io.shopwatch.domain.alert.Rule;
import io.shopwatch.domain.alert.StockWatch;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.InventoryResult;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.util.Collector;

/** Rules on stock; keyed by rule, SKU and warehouse. */
final class StockFunction extends RuleFunction {
    private static final long serialVersionUID = 1;

    /** A SKU that nothing is heard of, and that is in no incident, is forgotten after this. */
    private static final long FORGET_MILLIS = 8 * 86_400_000L;

    /** Where one SKU stands under one rule. */
    public record Place(String sku, String warehouse, Rule rule) {}

    private final Alerts alerts;

    private transient ValueState<StockWatch> watch;
    private transient MapState<Long, List<InventoryResult>> pending;
    private transient ValueState<Place> place;
    private transient ValueState<Long> timer;

    StockFunction(RulesInForce builtIn, Settings settings) {
        super(builtIn);
        this.alerts = new Alerts(settings);
    }

    @Override
    public void open(OpenContext context) {
        // All of this ends by a timer: FORGET_MILLIS after the last figures.
        watch = getRuntimeContext().getState(new ValueStateDescriptor<>("watch", TypeInformation.of(StockWatch.class)));
        pending = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "pending", Types.LONG, Types.LIST(TypeInformation.of(InventoryResult.class))));
        place = getRuntimeContext().getState(new ValueStateDescriptor<>("place", TypeInformation.of(Place.class)));
        timer = getRuntimeContext().getState(new ValueStateDescriptor<>("timer", Types.LONG));
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

    @Override
    public void processElement(RuleInput routed, ReadOnlyContext context, Collector<Signal> out) throws Exception {
        if (rule(context, routed.rule()) == null) {
            return;
        }
        // Levels wait for their time: one topic may be far ahead of another. A late one counts from now on.
        InventoryResult stock = routed.input().stock();
        long watermark = context.currentWatermark();
        long time = watermark == Long.MIN_VALUE ? stock.time() : Math.max(stock.time(), watermark + 1);
        List<InventoryResult> levels = pending.contains(time) ? new ArrayList<>(pending.get(time)) : new ArrayList<>();
        levels.add(stock);
        pending.put(time, levels);
        context.timerService().registerEventTimeTimer(time);
    }

    private StockWatch note(StockWatch before, List<InventoryResult> levels, Rule rule) throws Exception {
        StockWatch known = before == null ? new StockWatch() : before;
        for (InventoryResult stock : levels) {
            known.note(
                    new StockWatch.Level(
                            stock.time(),
                            stock.available(),
                            stock.state(),
                            stock.coverSeconds(),
                            stock.recentSales(),
                            stock.velocityPerHour(),
                            stock.reorderPoint(),
                            stock.lastReceived()),
                    policy(rule));
            if (place.value() == null) {
                place.update(new Place(stock.sku(), stock.warehouse(), rule));
            }
        }
        return known;
    }

    /** One timer at a time: the next that may change anything. */
    private void schedule(StockWatch known, StockWatch.Policy policy, long now, TimerService timers) throws Exception {
        long due = Math.min(known.due(policy), known.latest.time() + FORGET_MILLIS);
        // What is decided for a time that has passed is said at the next instant there is.
        long at = Math.max(due, now + 1);
        Long set = timer.value();
        if (set != null && set == at) {
            return;
        }
        // Levels may wait for the same instant.
        if (set != null && !pending.contains(set)) {
            timers.deleteEventTimeTimer(set);
        }
        timers.registerEventTimeTimer(at);
        timer.update(at);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Signal> out) throws Exception {
        boolean over = context.timerService().currentWatermark() == Long.MAX_VALUE;
        Rule rule = rule(context, context.getCurrentKey());
        StockWatch known = watch.value();
        List<InventoryResult> levels = pending.get(timestamp);
        pending.remove(timestamp);
        if (rule == null) {
            Place where = place.value();
            if (known != null && known.open && known.announced) {
                out.collect(
                        alerts.stock(where.rule(), where.sku(), where.warehouse(), known, false, timestamp, timestamp));
            }
            forget();
            return;
        }
        if (levels != null) {
            known = note(known, levels, rule);
        } else if (known == null || (over && !(known.open && known.streak.good > 0))) {
            // The end of all input hands over what is buffered; time itself, and what it would bring, ends here. Only
            // what had recovered is told.
            return;
        }
        Place where = place.value();
        if (!rule.equals(where.rule())) {
            place.update(new Place(where.sku(), where.warehouse(), rule));
        }
        StockWatch.Policy policy = policy(rule);
        long endsAt = known.streak.since;
        StockWatch.Change change = known.settle(timestamp, policy);
        if (change != StockWatch.Change.NONE) {
            boolean firing = change == StockWatch.Change.FIRED;
            out.collect(
                    alerts.stock(rule, where.sku(), where.warehouse(), known, firing, timestamp, firing ? 0 : endsAt));
        }
        if (!known.open && pending.isEmpty() && timestamp >= known.latest.time() + FORGET_MILLIS) {
            forget();
            return;
        }
        watch.update(known);
        schedule(known, policy, timestamp, context.timerService());
    }

    private void forget() {
        watch.clear();
        pending.clear();
        place.clear();
        timer.clear();
    }
}
