package io.shopwatch.job.alert;

import io.shopwatch.domain.alert.StreamHealth;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.job.common.StatusTypes;
import io.shopwatch.wire.JobStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Says of alerts on stock whether its figures can be trusted: keyed by nothing, for the reports of the jobs are about
 * all SKUs, and alerts are few. Reports count from the end of their second on, so every run sees the same.
 */
final class StockDoubts extends KeyedCoProcessFunction<String, Signal, JobStatus, Signal> {
    private static final long serialVersionUID = 1;
    private static final long SECOND = 1000;

    /** Levels are made of these; whatever became of clicks, stock is as it is. */
    private static final Set<String> STREAMS = Set.of(EventStream.ORDERS.wireName(), EventStream.STOCK.wireName());

    private transient MapState<Long, List<Signal>> signals;
    private transient MapState<Long, Map<String, JobStatus>> reports;
    private transient ValueState<StreamHealth> health;

    @Override
    public void open(OpenContext context) {
        // What is pending ends with its timer; the health of the streams is one small value, and never too old.
        signals = getRuntimeContext()
                .getMapState(
                        new MapStateDescriptor<>("signals", Types.LONG, Types.LIST(TypeInformation.of(Signal.class))));
        reports = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "reports", Types.LONG, Types.MAP(Types.STRING, StatusTypes.JOB_STATUS)));
        health = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("health", TypeInformation.of(StreamHealth.class)));
    }

    @Override
    public void processElement1(Signal signal, Context context, Collector<Signal> out) throws Exception {
        long time = context.timestamp();
        Pending.add(signals, time, signal);
        context.timerService().registerEventTimeTimer(time);
    }

    @Override
    public void processElement2(JobStatus status, Context context, Collector<Signal> out) throws Exception {
        long time = Math.max(status.watermark(), context.timerService().currentWatermark() + 1);
        long second = Math.floorDiv(time, SECOND) * SECOND + SECOND - 1;
        TickFunction.put(reports, second, status.job(), status, JobStatus::watermark);
        context.timerService().registerEventTimeTimer(second);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Signal> out) throws Exception {
        StreamHealth known = health.value();
        StreamHealth streams = known == null ? new StreamHealth() : known;
        for (Map<String, JobStatus> report : TickFunction.take(reports, timestamp)) {
            TickFunction.note(report, streams);
        }
        List<Signal> now = signals.get(timestamp);
        if (now != null) {
            streams.now = Math.max(streams.now, timestamp);
            String doubts = streams.doubts(STREAMS);
            now.forEach(signal -> out.collect(Alerts.doubted(signal, doubts)));
            signals.remove(timestamp);
        }
        health.update(streams);
    }
}
