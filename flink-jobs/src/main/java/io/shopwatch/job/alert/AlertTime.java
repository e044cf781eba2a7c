package io.shopwatch.job.alert;

import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.SalesResult;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Event time of the result topics. Figures that did not change are not repeated, so a topic may be silent while time
 * goes on: the jobs' reports, with the watermark that they have reached, are the heartbeat, and a topic that is
 * silent holds nothing back. All strategies are applied at the source, per partition.
 */
public final class AlertTime {
    /** Wall clock between two looks at what time it is: all of what follows is as exact as this. */
    static final Duration LOOK = Duration.ofMillis(20);

    /**
     * A partition that is read as it is written holds nothing back after this long without a record: figures come once
     * a second, all together, and the reports tell what second is complete.
     */
    private static final long IDLE_MILLIS = 60;

    /** The same for one that is read up; what is still to come may be in a fetch that is on its way. */
    private static final long BEHIND_IDLE_MILLIS = 600;

    /** A record that was written longer ago is not read as it is written. */
    private static final long FRESH_MILLIS = 1000;

    /**
     * How long a report waits for the figures that were sent off before it, to another topic: producers gather for 20
     * milliseconds, readers do not wait.
     */
    private static final long SETTLE_MILLIS = 100;

    private AlertTime() {}

    /** Time of funnel results. */
    public static WatermarkStrategy<FunnelResult> funnels() {
        return new ResultTime<>(result -> result.end() - 1);
    }

    /** Time of sales results. */
    public static WatermarkStrategy<SalesResult> sales() {
        return new ResultTime<>(result -> result.end() - 1);
    }

    /** Time of inventory results. */
    public static WatermarkStrategy<InventoryResult> inventory() {
        return new ResultTime<>(result -> result.time() - 1);
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

    /** Event time of a result; travels with the job. */
    @FunctionalInterface
    interface TimeOf<T> extends Serializable {
        long millis(T result);
    }

    /** Results of a partition come in the order of their time. */
    static final class ResultTime<T> implements WatermarkStrategy<T> {
        private static final long serialVersionUID = 1;

        private final TimeOf<T> time;

        /** When the record was written that times are assigned for; its generator hears of it next. */
        private transient long writtenAt;

        ResultTime(TimeOf<T> time) {
            this.time = time;
        }

        @Override
        public TimestampAssigner<T> createTimestampAssigner(TimestampAssignerSupplier.Context context) {
            return (result, kafkaTime) -> {
                writtenAt = kafkaTime;
                return time.millis(result);
            };
        }

        @Override
        public WatermarkGenerator<T> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
            PartitionTime partition = new PartitionTime(now());
            return new WatermarkGenerator<>() {
                @Override
                public void onEvent(T result, long eventTime, WatermarkOutput output) {
                    partition.hear(eventTime, System.currentTimeMillis() - writtenAt, now());
                }

                @Override
                public void onPeriodicEmit(WatermarkOutput output) {
                    partition.tell(now(), output);
                }
            };
        }
    }

    /** What time it is in one partition of results, by a clock of milliseconds. */
    static final class PartitionTime {
        private long newest = Long.MIN_VALUE;
        private long heardAt;
        private boolean fresh;

        PartitionTime(long now) {
            heardAt = now;
        }

        /** @param age time since the result was written */
        void hear(long eventTime, long age, long now) {
            newest = Math.max(newest, eventTime);
            heardAt = now;
            fresh = age <= FRESH_MILLIS;
        }

        void tell(long now, WatermarkOutput output) {
            if (now - heardAt > (fresh ? IDLE_MILLIS : BEHIND_IDLE_MILLIS)) {
                output.markIdle();
            } else if (newest != Long.MIN_VALUE) {
                output.emitWatermark(new Watermark(newest - 1));
            }
        }
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    private static final class Heartbeat implements WatermarkGenerator<JobStatus> {
        /** A job whose last report is so much older than another's does not run. */
        private static final long MISSED_MILLIS = 10_000;

        private final Map<String, Long> reached = new HashMap<>();
        private final Map<String, Long> reportedAt = new HashMap<>();
        private final Deque<long[]> settling = new ArrayDeque<>(); // when it was seen, watermark

        @Override
        public void onEvent(JobStatus status, long time, WatermarkOutput output) {
            if (status.job().equals("alert")) {
                return;
            }
            reportedAt.merge(status.job(), status.time(), Math::max);
            if (status.watermark() != null) {
                reached.merge(status.job(), status.watermark(), Math::max);
            }
            long newest = Collections.max(reportedAt.values());
            reportedAt.values().removeIf(at -> newest - at > MISSED_MILLIS);
            reached.keySet().retainAll(reportedAt.keySet());
            if (!reached.isEmpty()) {
                long now = now();
                if (!settling.isEmpty() && settling.peekLast()[0] == now) {
                    settling.removeLast();
                }
                settling.addLast(new long[] {now, Collections.min(reached.values())});
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            long reachedBy = now() - SETTLE_MILLIS;
            long settled = Long.MIN_VALUE;
            while (!settling.isEmpty() && settling.peekFirst()[0] <= reachedBy) {
                settled = settling.removeFirst()[1];
            }
            if (settled != Long.MIN_VALUE) {
                output.emitWatermark(new Watermark(settled));
            }
        }
    }
}
