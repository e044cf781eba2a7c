package io.shopwatch.job.common;

import io.shopwatch.settings.Settings;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/** Event time of the inputs at their sources. */
public final class Watermarks {

    /** Event time goes on in steps of this, one of which ends with each second. */
    private static final long GRID_MILLIS = 100;

    private Watermarks() {}

    /**
     * The last watermark not after this one that is worth sending. Figures come by the second; each watermark costs every
     * operator behind it some work and a buffer of its own, whether or not a second has ended.
     */
    static long onGrid(long watermark) {
        return watermark == Long.MIN_VALUE ? watermark : Math.floorDiv(watermark + 1, GRID_MILLIS) * GRID_MILLIS - 1;
    }

    /**
     * Of live input: how time goes on is the {@link ClockOperator}'s part, {@link IngestOperator} takes from these only
     * whether a subtask is idle. Flink's own idleness does not count the time in which nothing could be sent on.
     */
    public static WatermarkStrategy<Ingested> live(Settings.Events settings) {
        long outOfOrderness = settings.outOfOrderness().toMillis();
        return WatermarkStrategy.<Ingested>forGenerator(context -> new BoundedOutOfOrderness(outOfOrderness))
                .withTimestampAssigner((record, kafkaTime) -> record.time())
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
