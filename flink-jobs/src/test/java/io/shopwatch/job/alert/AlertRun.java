package io.shopwatch.job.alert;

import io.shopwatch.job.common.StatusTypes;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.SalesResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/** Runs the alert job over recorded results, in this process. */
final class AlertRun {
    final List<FunnelResult> funnels = new ArrayList<>();
    final List<SalesResult> sales = new ArrayList<>();
    final List<InventoryResult> inventory = new ArrayList<>();
    final List<JobStatus> status = new ArrayList<>();
    final List<String> rules = new ArrayList<>();
    Settings settings = Settings.defaults();
    RulesInForce first;

    /** A report that all streams were heard at that time; keeps time going. */
    void alive(long time) {
        status.add(new JobStatus("funnel", "run", time, time, java.util.Map.of(), java.util.Map.of()));
    }

    AlertJob.Results build(StreamExecutionEnvironment environment) {
        DataStream<Tuple3<Long, String, String>> results = inOrderOfTime(environment);
        AlertJob.Inputs inputs = new AlertJob.Inputs(
                only(results, FunnelResult.class, TypeInformation.of(FunnelResult.class)),
                only(results, SalesResult.class, TypeInformation.of(SalesResult.class)),
                only(results, InventoryResult.class, TypeInformation.of(InventoryResult.class)),
                only(results, JobStatus.class, StatusTypes.JOB_STATUS),
                (rules.isEmpty()
                                ? environment
                                        .fromData(List.of("{}"), Types.STRING)
                                        .filter(text -> text.length() > 2)
                                : environment.fromData(rules, Types.STRING))
                        .assignTimestampsAndWatermarks(AlertTime.timeless()));
        return first == null ? AlertJob.build(inputs, settings) : AlertJob.build(inputs, settings, first);
    }

    @SuppressWarnings("try") // the iterator's close may be interrupted, as any test may
    List<Alert> alerts() throws Exception {
        StreamExecutionEnvironment environment = environment();
        List<Alert> alerts = new ArrayList<>();
        try (CloseableIterator<Alert> iterator = build(environment).alerts().executeAndCollect("alerts")) {
            iterator.forEachRemaining(alerts::add);
        }
        return alerts;
    }

    static StreamExecutionEnvironment environment() {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, true);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        environment.setRuntimeMode(RuntimeExecutionMode.STREAMING);
        return environment;
    }

    /**
     * All results from one source: with a source each, one that ends early lets event time jump to the end of all, and
     * what a test sees depends on which was quicker.
     */
    private DataStream<Tuple3<Long, String, String>> inOrderOfTime(StreamExecutionEnvironment environment) {
        List<Tuple3<Long, String, String>> results = new ArrayList<>();
        funnels.forEach(funnel -> results.add(recorded(funnel.end() - 1, funnel)));
        sales.forEach(sale -> results.add(recorded(sale.end() - 1, sale)));
        inventory.forEach(stock -> results.add(recorded(stock.time(), stock)));
        status.forEach(report -> results.add(recorded(report.watermark(), report)));
        results.sort(Comparator.comparingLong(result -> result.f0));
        return environment
                .fromData(results, Types.TUPLE(Types.LONG, Types.STRING, Types.STRING))
                .assignTimestampsAndWatermarks(
                        WatermarkStrategy.<Tuple3<Long, String, String>>forGenerator(context -> new EachMovesTimeOn())
                                .withTimestampAssigner((result, ignored) -> result.f0));
    }

    private static Tuple3<Long, String, String> recorded(long time, Object result) {
        return Tuple3.of(time, result.getClass().getName(), Json.text(result));
    }

    private static <T> DataStream<T> only(
            DataStream<Tuple3<Long, String, String>> results, Class<T> type, TypeInformation<T> information) {
        String name = type.getName();
        return results.filter(result -> result.f1.equals(name))
                .map(result -> Json.read(result.f2.getBytes(StandardCharsets.UTF_8), type))
                .returns(information);
    }

    private static final class EachMovesTimeOn implements WatermarkGenerator<Tuple3<Long, String, String>> {
        @Override
        public void onEvent(Tuple3<Long, String, String> event, long timestamp, WatermarkOutput output) {
            output.emitWatermark(new Watermark(timestamp - 1));
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            // Each record moves time on.
        }
    }
}
