package io.shopwatch.job.alert;

import io.shopwatch.job.common.StatusTypes;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.SalesResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/** Runs the alert job over recorded results, in this process. */
@SuppressWarnings("try") // what Flink gives to close may throw InterruptedException, which a test just passes on
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
        DataStream<JobStatus> reports = timed(environment, status, StatusTypes.JOB_STATUS, JobStatus::watermark);
        AlertJob.Inputs inputs = new AlertJob.Inputs(
                timed(environment, funnels, TypeInformation.of(FunnelResult.class), result -> result.end() - 1),
                timed(environment, sales, TypeInformation.of(SalesResult.class), result -> result.end() - 1),
                timed(environment, inventory, TypeInformation.of(InventoryResult.class), InventoryResult::time),
                reports,
                rules.isEmpty()
                        ? null
                        // With the time of the reports, else a slow machine is at the end before the rules let time
                        // pass.
                        : environment
                                .fromData(rules, Types.STRING)
                                .assignTimestampsAndWatermarks(AlertTime.timeless())
                                .union(reports.filter(report -> false)
                                        .map(JobStatus::job)
                                        .returns(Types.STRING)));
        return first == null ? AlertJob.build(inputs, settings) : AlertJob.build(inputs, settings, first);
    }

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

    private static <T> DataStream<T> timed(
            StreamExecutionEnvironment environment, List<T> records, TypeInformation<T> type, ToLongFunction<T> time) {
        List<T> sorted = new ArrayList<>(records);
        sorted.sort(Comparator.comparingLong(time));
        WatermarkStrategy<T> strategy = WatermarkStrategy.<T>forGenerator(
                        context -> new org.apache.flink.api.common.eventtime.WatermarkGenerator<T>() {
                            @Override
                            public void onEvent(
                                    T event,
                                    long timestamp,
                                    org.apache.flink.api.common.eventtime.WatermarkOutput output) {
                                output.emitWatermark(
                                        new org.apache.flink.api.common.eventtime.Watermark(timestamp - 1));
                            }

                            @Override
                            public void onPeriodicEmit(org.apache.flink.api.common.eventtime.WatermarkOutput output) {
                                // Each record moves time on.
                            }
                        })
                .withTimestampAssigner((record, ignored) -> timeOf(record));
        if (sorted.isEmpty()) {
            return environment
                    .fromData(List.of(1L), Types.LONG)
                    .filter(one -> one < 0)
                    .map(one -> (T) null)
                    .returns(type);
        }
        return environment.fromData(sorted, type).assignTimestampsAndWatermarks(strategy);
    }

    private static long timeOf(Object record) {
        if (record instanceof FunnelResult funnel) {
            return funnel.end() - 1;
        }
        if (record instanceof SalesResult sale) {
            return sale.end() - 1;
        }
        return record instanceof InventoryResult stock ? stock.time() : ((JobStatus) record).watermark();
    }
}
