package io.shopwatch.job.alert;

import io.shopwatch.wire.Alert;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Puts what two patterns found into the order of event time again: where time runs fast, the end of an incident could
 * overtake its beginning, and in a compacted topic the last one written stays.
 */
final class InOrder extends KeyedProcessFunction<String, Alert, Alert> {
    private static final long serialVersionUID = 1;

    private transient MapState<Long, List<Alert>> waiting;

    @Override
    public void open(OpenContext context) {
        // Each entry ends with its timer.
        waiting = getRuntimeContext()
                .getMapState(
                        new MapStateDescriptor<>("waiting", Types.LONG, Types.LIST(TypeInformation.of(Alert.class))));
    }

    @Override
    public void processElement(Alert alert, Context context, Collector<Alert> out) throws Exception {
        long time = context.timestamp();
        Pending.add(waiting, time, alert);
        context.timerService().registerEventTimeTimer(time);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Alert> out) throws Exception {
        List<Alert> alerts = waiting.get(timestamp);
        if (alerts != null) {
            alerts.forEach(out::collect);
            waiting.remove(timestamp);
        }
    }
}
