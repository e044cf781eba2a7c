package io.shopwatch.job.alert;

import io.shopwatch.job.common.TimeOnly;
import io.shopwatch.settings.RulesFile;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.BaselineResult;
import io.shopwatch.wire.DeadLetter;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.SalesResult;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.cep.CEP;
import org.apache.flink.streaming.api.datastream.BroadcastStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * From results to alerts.
 *
 * <pre>
 *   funnels ───┐                          ┌─► conversions ─┐
 *   sales ─────┤                          │                │             ┌─► CEP fires ────┐
 *   inventory ─┼─► one stream ─► by rule ─┴─► levels ──────┼─► signals ──┤                 ├─► alerts
 *   status ────┘                    ▲                      │             └─► CEP recovers ─┘
 *   inventory, status ──────────────│─► stock, by SKU ─────┘
 *   rules ─► check ─ broadcast ─────┴───────▲
 * </pre>
 *
 * Evaluations count breaches and recoveries in a row, for they know the rules; the patterns match what follows what, and
 * keep their shape whatever the rules say.
 */
public final class AlertJob {
    private AlertJob() {}

    /**
     * What the job reads. All but the rules carry event time ({@link AlertTime} for topics; recorded runs bring their
     * own).
     *
     * @param funnels results of the funnel job
     * @param sales results of the sales job
     * @param inventory results of the inventory job
     * @param status reports of the jobs, or {@link RecordedProgress}
     * @param rules JSON of {@link io.shopwatch.wire.RuleSet}, with {@link AlertTime#timeless}; null for the given rules
     */
    public record Inputs(
            DataStream<FunnelResult> funnels,
            DataStream<SalesResult> sales,
            DataStream<InventoryResult> inventory,
            DataStream<JobStatus> status,
            DataStream<String> rules) {}

    /**
     * What the job writes.
     *
     * @param alerts alerts, firing and resolved; the element's timestamp is the event time of the decision
     * @param baselines what each conversion should be
     * @param deadLetters rules that are no rules
     * @param tallies sets of rules by what became of them; its event time is that of the alerts
     */
    public record Results(
            DataStream<Alert> alerts,
            DataStream<BaselineResult> baselines,
            DataStream<DeadLetter> deadLetters,
            DataStream<RuleTally> tallies) {}

    /** Builds the job with the built-in rules, until others arrive. */
    public static Results build(Inputs inputs, Settings settings) {
        return build(
                inputs, settings, new RulesInForce(0, RulesFile.parser(settings).defaults()));
    }

    /** Builds the job with given rules, until others arrive. */
    public static Results build(Inputs inputs, Settings settings, RulesInForce first) {
        SingleOutputStreamOperator<RulesInForce> checked = rulesOf(inputs)
                .process(new CheckRules(settings))
                .setParallelism(1)
                .name("Check rules")
                .uid("check-rules-v1");
        BroadcastStream<RulesInForce> rules = checked.broadcast(RuleFunction.RULES);

        DataStream<JobStatus> reports = inputs.status()
                .filter(status -> status.watermark() != null && !status.job().equals("alert"))
                .name("Reports with a watermark")
                .uid("alert-status-v1");
        Routed routed = inputs.rules() == null
                ? routeAtOnce(tagged(inputs, reports), first)
                : route(tagged(inputs, reports), rules, first);
        SingleOutputStreamOperator<Signal> conversions = routed.toConversions()
                .keyBy(RuleInput::rule)
                .connect(rules)
                .process(new ConversionFunction(first, settings))
                .name("Evaluate conversions")
                .uid("conversions-v2");
        SingleOutputStreamOperator<Signal> levels = routed.toOthers()
                .keyBy(RuleInput::rule)
                .connect(rules)
                .process(new LevelFunction(first, settings))
                .name("Evaluate traffic, bursts, promotions and silence")
                .uid("levels-v2");
        DataStream<Signal> stock = stock(inputs.inventory(), reports, rules, first, settings);
        DataStream<Alert> alerts = incidents(conversions.union(levels, stock).keyBy(Signal::key));
        return new Results(
                alerts,
                conversions.getSideOutput(ConversionFunction.BASELINES),
                checked.getSideOutput(CheckRules.DEAD_LETTERS),
                // Rules have no time, so what the job has reached only its alerts can say.
                checked.getSideOutput(CheckRules.TALLIES)
                        .union(TimeOnly.of(alerts, TypeInformation.of(RuleTally.class))
                                .name("Time of alerts, for the report")
                                .uid("alert-time-v2")));
    }

    /** Rules on stock need no other figures, but the reports' time when nothing happens to any SKU. */
    private static DataStream<Signal> stock(
            DataStream<InventoryResult> inventory,
            DataStream<JobStatus> reports,
            BroadcastStream<RulesInForce> rules,
            RulesInForce first,
            Settings settings) {
        return inventory
                .union(TimeOnly.of(reports, inventory.getType())
                        .name("Time of reports, for stock")
                        .uid("stock-time-v2"))
                .keyBy(InventoryResult::key)
                .connect(rules)
                .process(new StockFunction(first, settings))
                .name("Evaluate stock")
                .uid("stock-v3")
                .keyBy(signal -> "")
                .connect(reports.keyBy(status -> ""))
                .process(new StockDoubts())
                .name("Doubt stock")
                .uid("stock-doubts-v1");
    }

    /** Where no rules arrive, a stream without elements that has the time of the reports: it holds nothing back. */
    private static DataStream<String> rulesOf(Inputs inputs) {
        return inputs.rules() != null
                ? inputs.rules()
                : TimeOnly.of(inputs.status(), Types.STRING)
                        .setParallelism(1)
                        .name("No rules at run time")
                        .uid("no-rules-v2");
    }

    private static List<DataStream<AlertInput>> tagged(Inputs inputs, DataStream<JobStatus> reports) {
        return List.of(
                tag(inputs.funnels(), AlertInput::of, "funnels"),
                tag(inputs.sales(), AlertInput::of, "sales"),
                tag(inputs.inventory(), AlertInput::of, "inventory"),
                tag(reports, AlertInput::of, "status"));
    }

    private static <T> DataStream<AlertInput> tag(DataStream<T> stream, MapFunction<T, AlertInput> tag, String name) {
        return stream.map(tag)
                .returns(AlertInput.TYPE)
                .setParallelism(stream.getParallelism())
                .name("Take " + name)
                .uid("take-" + name + "-v1");
    }

    private static Routed route(
            List<DataStream<AlertInput>> inputs, BroadcastStream<RulesInForce> rules, RulesInForce first) {
        SingleOutputStreamOperator<RuleInput> routed = union(inputs)
                .connect(rules)
                .process(new RouteByRule(first), RuleInput.TYPE)
                .name("Route to rules")
                .uid("route-v1");
        return new Routed(routed, routed.getSideOutput(RouteByRule.OTHERS));
    }

    /** Where rules cannot change, rows are routed where they come from: those that no rule wants end there. */
    private static Routed routeAtOnce(List<DataStream<AlertInput>> inputs, RulesInForce rules) {
        List<DataStream<RuleInput>> toConversions = new ArrayList<>();
        List<DataStream<RuleInput>> toOthers = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            SingleOutputStreamOperator<RuleInput> routed = inputs.get(i)
                    .process(new RouteAtOnce(rules), RuleInput.TYPE)
                    .setParallelism(inputs.get(i).getParallelism())
                    .name("Route to rules")
                    .uid("route-at-once-" + i + "-v1");
            toConversions.add(routed);
            toOthers.add(routed.getSideOutput(RouteByRule.OTHERS));
        }
        return new Routed(union(toConversions), union(toOthers));
    }

    private static <T> DataStream<T> union(List<DataStream<T>> streams) {
        DataStream<T> all = streams.get(0);
        for (DataStream<T> stream : streams.subList(1, streams.size())) {
            all = all.union(stream);
        }
        return all;
    }

    private record Routed(DataStream<RuleInput> toConversions, DataStream<RuleInput> toOthers) {}

    private static DataStream<Alert> incidents(KeyedStream<Signal, String> signals) {
        SingleOutputStreamOperator<Alert> firing = CEP.pattern(
                        signals, IncidentPatterns.firing(), new IncidentPatterns.Order())
                .inEventTime()
                .process(new IncidentPatterns.Fire(), TypeInformation.of(Alert.class))
                .name("Incidents that begin")
                .uid("fires-v1");
        SingleOutputStreamOperator<Alert> resolved = CEP.pattern(
                        signals, IncidentPatterns.resolved(), new IncidentPatterns.Order())
                .inEventTime()
                .process(new IncidentPatterns.Resolve(), TypeInformation.of(Alert.class))
                .name("Incidents that end")
                .uid("recovers-v1");
        return firing.union(resolved)
                .keyBy(Alert::id)
                .process(new InOrder())
                .name("Begin before end")
                .uid("in-order-v1");
    }
}
