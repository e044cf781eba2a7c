package io.shopwatch.job.common;

import io.shopwatch.settings.Settings;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/** Watermarks of the inputs, per partition; how time goes on across partitions is the {@link ClockOperator}'s part. */
public final class Watermarks {

    private Watermarks() {}

    /** Bounded out-of-orderness per partition; rejected records and silent partitions hold nothing back. */
    public static WatermarkStrategy<Ingested> of(Settings.Events settings) {
        long outOfOrderness = settings.outOfOrderness().toMillis();
        return WatermarkStrategy.<Ingested>forGenerator(context -> new BoundedOutOfOrderness(outOfOrderness))
                .withTimestampAssigner((record, kafkaTime) -> record.time())
                // idleness: the stock topic is silent at night and would hold the watermark
                .withIdleness(settings.idleness());
    }

    /**
     * Of a recording sorted by time: every second at once, so that nothing waits in buffers, and its end exactly.
     */
    public static WatermarkStrategy<Ingested> ofRecording() {
        return WatermarkStrategy.<Ingested>forGenerator(context -> new Sorted())
                .withTimestampAssigner((record, sourceTime) -> record.time());
    }

    private static final class Sorted implements WatermarkGenerator<Ingested> {
        private long nextSecond = Long.MIN_VALUE;

        @Override
        public void onEvent(Ingested record, long time, WatermarkOutput output) {
            if (record.isEnd()) {
                output.emitWatermark(new Watermark(time));
            } else if (time != Ingested.NO_TIME && time >= nextSecond) {
                output.emitWatermark(new Watermark(time - 1));
                nextSecond = Math.floorDiv(time, 1000L) * 1000 + 1000;
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            // Event time alone decides.
        }
    }

    private static final class BoundedOutOfOrderness implements WatermarkGenerator<Ingested> {
        private final long outOfOrderness;
        private long newest = Long.MIN_VALUE;

        BoundedOutOfOrderness(long outOfOrderness) {
            this.outOfOrderness = outOfOrderness;
        }

        @Override
        public void onEvent(Ingested record, long time, WatermarkOutput output) {
            if (time != Ingested.NO_TIME && time > newest) {
                newest = time;
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            if (newest != Long.MIN_VALUE) {
                output.emitWatermark(new Watermark(newest - outOfOrderness - 1));
            }
        }
    }
}
