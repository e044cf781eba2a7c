package io.shopwatch.job.alert;

import io.shopwatch.domain.alert.Rule;
import io.shopwatch.domain.alert.StockWatch;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.InventoryResult;
import org.apache.flink.api.common.functions.OpenContext;
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
        Rule rule = rule(context, routed.rule());
        if (rule == null) {
            return;
        }
        InventoryResult stock = routed.input().stock();
        StockWatch known = watch.value();
        if (known == null) {
            known = new StockWatch();
        }
        StockWatch.Policy policy = policy(rule);
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
                policy);
        watch.update(known);
        Place before = place.value();
        if (before == null || !rule.equals(before.rule())) {
            place.update(new Place(stock.sku(), stock.warehouse(), rule));
        }
        schedule(known, policy, context.currentWatermark(), context.timerService());
    }

    /** One timer at a time: the next that may change anything. */
    private void schedule(StockWatch known, StockWatch.Policy policy, long watermark, TimerService timers)
            throws Exception {
        long due = Math.min(known.due(policy), known.latest.time() + FORGET_MILLIS);
        // What is decided for a time that has passed is said at the next instant there is.
        long at = Math.max(due, watermark == Long.MIN_VALUE ? due : watermark + 1);
        Long set = timer.value();
        if (set != null && set == at) {
            return;
        }
        if (set != null) {
            timers.deleteEventTimeTimer(set);
        }
        timers.registerEventTimeTimer(at);
        timer.update(at);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Signal> out) throws Exception {
        long watermark = context.timerService().currentWatermark();
        StockWatch known = watch.value();
        Place where = place.value();
        if (known == null
                || where == null
                || (watermark == Long.MAX_VALUE && known.due(policy(where.rule())) > lastTime(known))) {
            return;
        }
        timer.clear();
        Rule rule = rule(context, context.getCurrentKey());
        if (rule == null) {
            if (known.open && known.announced) {
                out.collect(
                        alerts.stock(where.rule(), where.sku(), where.warehouse(), known, false, timestamp, timestamp));
            }
            forget();
            return;
        }
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
        if (!known.open && timestamp >= known.latest.time() + FORGET_MILLIS) {
            forget();
            return;
        }
        watch.update(known);
        if (watermark != Long.MAX_VALUE) {
            schedule(known, policy, Math.max(watermark, timestamp), context.timerService());
        }
    }

    private static long lastTime(StockWatch known) {
        return known.latest.time();
    }

    private void forget() {
        watch.clear();
        place.clear();
        timer.clear();
    }
}
