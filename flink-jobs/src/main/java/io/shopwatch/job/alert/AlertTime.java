package io.shopwatch.job.alert;

import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.SalesResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Event time of the result topics. Figures that did not change are not repeated, so a topic may be silent while time
 * goes on: the jobs' reports, one a second with the watermark they have reached, are the heartbeat, and a topic that is
 * silent holds nothing back. All strategies are applied at the source, per partition.
 */
public final class AlertTime {
    /** A partition silent for this long holds nothing back; figures of an active one come every second. */
    private static final Duration IDLE = Duration.ofMillis(600);

    /** How long a report waits for the figures that were written before it, in another topic. */
    private static final long SETTLE_MILLIS = 200;

    private AlertTime() {}

    /** Time of funnel results. */
    public static WatermarkStrategy<FunnelResult> funnels() {
        return WatermarkStrategy.<FunnelResult>forMonotonousTimestamps()
                .withTimestampAssigner((result, ignored) -> result.end() - 1)
                .withIdleness(IDLE);
    }

    /** Time of sales results. */
    public static WatermarkStrategy<SalesResult> sales() {
        return WatermarkStrategy.<SalesResult>forMonotonousTimestamps()
                .withTimestampAssigner((result, ignored) -> result.end() - 1)
                .withIdleness(IDLE);
    }

    /** Time of inventory results, which follow their events. */
    public static WatermarkStrategy<InventoryResult> inventory() {
        return WatermarkStrategy.<InventoryResult>forMonotonousTimestamps()
                .withTimestampAssigner((result, ignored) -> result.time())
                .withIdleness(IDLE);
    }

    /** The heartbeat: the least of the watermarks that the reporting jobs have reached. */
    public static WatermarkStrategy<JobStatus> status() {
        return WatermarkStrategy.<JobStatus>forGenerator(context -> new Heartbeat())
                .withTimestampAssigner(
                        (status, ignored) -> status.watermark() == null ? Long.MIN_VALUE : status.watermark())
                .withIdleness(Duration.ofSeconds(5));
    }

    /**
     * Rules have no time: they are idle for ever. A watermark at the end of all time would hold nothing back either, but
     * in the first moment in which everything else is silent (a broker that restarts, say) it would be all that is heard,
     * time would be over, and no alert would come ever again.
     */
    public static <T> WatermarkStrategy<T> timeless() {
        return WatermarkStrategy.<T>forGenerator(context -> new WatermarkGenerator<T>() {
                    @Override
                    public void onEvent(T event, long time, WatermarkOutput output) {
                        // Has no time.
                    }

                    @Override
                    public void onPeriodicEmit(WatermarkOutput output) {
                        output.markIdle();
                    }
                })
                .withTimestampAssigner((event, ignored) -> Long.MIN_VALUE);
    }

    private static final class Heartbeat implements WatermarkGenerator<JobStatus> {
        /** A job that has not reported for so many reports of another does not run. */
        private static final int MISSED = 10;

        private final Map<String, Long> reached = new HashMap<>();
        private final Map<String, Integer> silence = new HashMap<>();
        private long seen = Long.MIN_VALUE;
        private long settled = Long.MIN_VALUE;
        private long settledAt;

        @Override
        public void onEvent(JobStatus status, long time, WatermarkOutput output) {
            if (status.job().equals("alert")) {
                return;
            }
            silence.replaceAll((job, missed) -> missed + 1);
            silence.put(status.job(), 0);
            if (status.watermark() != null) {
                reached.merge(status.job(), status.watermark(), Math::max);
            }
            silence.values().removeIf(missed -> missed > MISSED);
            reached.keySet().retainAll(silence.keySet());
            for (long watermark : reached.values()) {
                seen = watermark;
            }
            for (long watermark : reached.values()) {
                seen = Math.min(seen, watermark);
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            long now = System.nanoTime() / 1_000_000;
            if (now - settledAt >= SETTLE_MILLIS) {
                if (settled != Long.MIN_VALUE) {
                    output.emitWatermark(new Watermark(settled));
                }
                settled = seen;
                settledAt = now;
            }
        }
    }
}
