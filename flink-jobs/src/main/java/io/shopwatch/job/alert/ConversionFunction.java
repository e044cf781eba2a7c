package io.shopwatch.job.alert;

import io.shopwatch.domain.alert.ConversionSeries;
import io.shopwatch.domain.alert.ConversionWatch;
import io.shopwatch.domain.alert.DropDetector;
import io.shopwatch.domain.alert.Rule;
import io.shopwatch.domain.alert.RuleKind;
import io.shopwatch.domain.alert.RuleParser;
import io.shopwatch.domain.alert.StockOutages;
import io.shopwatch.domain.alert.StreamHealth;
import io.shopwatch.domain.alert.Transition;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.funnel.FunnelDefinition;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.BaselineResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.Keys;
import java.util.ArrayList;
import java.util.Collection;
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
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Rules on conversions, of funnels and from orders placed to orders paid; keyed by rule. */
final class ConversionFunction extends TickFunction {
    private static final long serialVersionUID = 1;

    /** What each conversion should be. */
    static final OutputTag<BaselineResult> BASELINES = new OutputTag<>("baselines") {
        private static final long serialVersionUID = 1;
    };

    /** Places of orders placed and paid among the figures of sales. */
    private static final Transition PAYMENT = new Transition("placed", "paid", 1, 2);

    private final Map<String, FunnelDefinition> funnels;
    private final Alerts alerts;

    private transient MapState<String, ConversionSeries> series;
    private transient ValueState<StockOutages> outages;
    private transient ValueState<Rule> evaluated;

    ConversionFunction(RulesInForce builtIn, Settings settings) {
        super(builtIn);
        this.funnels = new TreeMap<>();
        settings.funnels().forEach(funnel -> funnels.put(funnel.name(), funnel));
        this.alerts = new Alerts(settings);
    }

    @Override
    public void open(OpenContext context) {
        super.open(context);
        // Series end with the rule, or when their segment value is forgotten.
        series = getRuntimeContext()
                .getMapState(
                        new MapStateDescriptor<>("series", Types.STRING, TypeInformation.of(ConversionSeries.class)));
        outages = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("outages", TypeInformation.of(StockOutages.class)));
        evaluated =
                getRuntimeContext().getState(new ValueStateDescriptor<>("evaluated", TypeInformation.of(Rule.class)));
    }

    @Override
    long step(Rule rule) {
        return Math.min(60_000, rule.everyMillis());
    }

    private List<Transition> transitions(Rule rule) {
        if (rule.kind() == RuleKind.UNPAID_ORDERS) {
            return List.of(PAYMENT);
        }
        FunnelDefinition funnel = funnels.get(rule.funnel());
        return funnel == null ? List.of() : RuleParser.transitions(funnel, rule.transitions());
    }

    private ConversionWatch watch(Rule rule) {
        long maxDelay = rule.kind() == RuleKind.UNPAID_ORDERS
                ? rule.afterMillis()
                : funnels.get(rule.funnel()).within().toMillis();
        return new ConversionWatch(rule.watch(maxDelay));
    }

    @Override
    void tick(
            Rule rule,
            long end,
            Collection<Counts> counts,
            StreamHealth health,
            Collection<InventoryResult> stock,
            OnTimerContext context,
            Collector<Signal> out)
            throws Exception {
        List<Transition> transitions = transitions(rule);
        if (transitions.isEmpty()) {
            return;
        }
        ConversionWatch watch = watch(rule);
        Map<String, ConversionSeries> all = load();
        adapt(rule, watch, transitions, all, end, health, out);
        StockOutages known = outages.value();
        if (known == null) {
            known = new StockOutages();
        }
        for (InventoryResult result : stock) {
            boolean isOut = result.available() <= 0 && !result.state().equals("unknown");
            double velocity =
                    result.velocityAtStockOut() == null ? result.velocityPerHour() : result.velocityAtStockOut();
            known.note(result.sku(), isOut, result.time(), velocity);
        }
        outages.update(known);

        Map<String, Counts> byValue = new TreeMap<>();
        for (Counts count : counts) {
            if (count.minute.length > 0 && count.window.length > 0) {
                byValue.put(Keys.of(count.segment, count.value), count);
                for (Transition transition : transitions) {
                    all.computeIfAbsent(
                            Keys.of(transition.text(), count.segment, count.value),
                            key -> watch.newSeries(transition, count.segment, count.value));
                }
            }
        }
        all.entrySet()
                .removeIf(entry -> !entry.getValue().open
                        && !byValue.containsKey(Keys.of(entry.getValue().segment, entry.getValue().value)));
        for (ConversionSeries one : all.values()) {
            Counts count = byValue.get(Keys.of(one.segment, one.value));
            watch.sample(
                    one,
                    all.values(),
                    end,
                    count == null ? new ConversionWatch.Sample(0, 0, 0, 0) : sample(one, count),
                    count != null && trusted(rule, one, health));
        }
        String doubts = health.doubts();
        for (ConversionWatch.Event event :
                watch.evaluate(all.values(), end, t -> trusted(rule, t, health), known, alerts::clock)) {
            out.collect(alerts.conversion(rule, event, doubts));
        }
        if (rule.kind() == RuleKind.CONVERSION_DROP) {
            reportBaselines(rule, end, all.values(), byValue, context);
        }
        store(all);
    }

    private static ConversionWatch.Sample sample(ConversionSeries one, Counts count) {
        return new ConversionWatch.Sample(
                (double) count.minute[one.fromIndex],
                (double) count.minute[one.toIndex],
                (double) count.window[one.fromIndex],
                (double) count.window[one.toIndex]);
    }

    private boolean trusted(Rule rule, ConversionSeries one, StreamHealth health) {
        return trusted(rule, new Transition(one.from, one.to, one.fromIndex, one.toIndex), health);
    }

    /** Whether the streams of all steps of the transition are alive. */
    private boolean trusted(Rule rule, Transition transition, StreamHealth health) {
        if (rule.kind() == RuleKind.UNPAID_ORDERS) {
            return !health.suspicious(EventStream.ORDERS.wireName());
        }
        List<FunnelDefinition.Step> steps = funnels.get(rule.funnel()).steps();
        for (int step = transition.fromIndex(); step <= transition.toIndex(); step++) {
            if (health.suspicious(steps.get(step).type().stream().wireName())) {
                return false;
            }
        }
        return true;
    }

    /** Follows a change of the rule: histories that no longer fit start anew, incidents stay while they are watched. */
    private void adapt(
            Rule rule,
            ConversionWatch watch,
            List<Transition> transitions,
            Map<String, ConversionSeries> all,
            long end,
            StreamHealth health,
            Collector<Signal> out)
            throws Exception {
        Rule before = evaluated.value();
        if (rule.equals(before)) {
            return;
        }
        if (before != null) {
            List<String> gone = new ArrayList<>();
            for (Map.Entry<String, ConversionSeries> entry : all.entrySet()) {
                ConversionSeries one = entry.getValue();
                boolean watched = rule.kind() == before.kind()
                        && rule.segments().contains(one.segment)
                        && transitions.contains(new Transition(one.from, one.to, one.fromIndex, one.toIndex));
                if (!watched) {
                    if (one.open) {
                        out.collect(alerts.conversion(before, watch.close(one, end), health.doubts()));
                    }
                    gone.add(entry.getKey());
                } else if (!rule.sameHistory(before) && !one.open) {
                    gone.add(entry.getKey());
                }
            }
            gone.forEach(all::remove);
        }
        evaluated.update(rule);
    }

    private void reportBaselines(
            Rule rule,
            long end,
            Collection<ConversionSeries> all,
            Map<String, Counts> byValue,
            OnTimerContext context) {
        for (ConversionSeries one : all) {
            Counts count = byValue.get(Keys.of(one.segment, one.value));
            if (count == null) {
                continue;
            }
            long entries = count.window[one.fromIndex];
            double usual = DropDetector.usualRate(one.history, one.seasonal);
            Double observed = entries == 0 ? null : (double) count.window[one.toIndex] / (double) entries;
            Double baseline = Double.isNaN(usual) ? null : usual;
            context.output(
                    BASELINES,
                    new BaselineResult(
                            rule.funnel(),
                            rule.window(),
                            one.from,
                            one.to,
                            one.segment,
                            one.value,
                            end,
                            observed,
                            baseline,
                            observed == null || baseline == null ? null : 100 * (baseline - observed)));
        }
    }

    @Override
    void end(long end, OnTimerContext context, Collector<Signal> out) throws Exception {
        Rule before = evaluated.value();
        if (before != null) {
            for (ConversionSeries one : load().values()) {
                if (one.open) {
                    out.collect(alerts.conversion(before, watch(before).close(one, end), ""));
                }
            }
        }
        series.clear();
        outages.clear();
        evaluated.clear();
    }

    private Map<String, ConversionSeries> load() throws Exception {
        Map<String, ConversionSeries> all = new TreeMap<>();
        for (Map.Entry<String, ConversionSeries> entry : series.entries()) {
            all.put(entry.getKey(), entry.getValue());
        }
        return all;
    }

    private void store(Map<String, ConversionSeries> all) throws Exception {
        List<String> gone = new ArrayList<>();
        for (String key : series.keys()) {
            if (!all.containsKey(key)) {
                gone.add(key);
            }
        }
        for (String key : gone) {
            series.remove(key);
        }
        series.putAll(all);
    }
}
