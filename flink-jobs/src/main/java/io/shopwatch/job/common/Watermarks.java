package io.shopwatch.job.common;

import io.shopwatch.settings.Settings;
import java.time.Clock;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.util.clock.RelativeClock;

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
     * Of live input: how time goes on is the {@link ClockOperator}'s part, {@link IngestOperator} takes from these
     * whether a subtask is idle, and how far the slowest partition is behind.
     */
    public static WatermarkStrategy<Ingested> live(Settings.Events settings) {
        return live(settings, Clock.systemUTC());
    }

    static WatermarkStrategy<Ingested> live(Settings.Events settings, Clock wall) {
        return new Live(
                settings.outOfOrderness().toMillis(), settings.idleness().toMillis(), wall);
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

    /**
     * Partitions that are read as they are written follow the newest event of the subtask, out-of-orderness behind, until
     * they have been silent for a while. While a subtask reads what was written before it began, or long ago, each
     * follows its own newest event, and a silent one may just not have had its turn, and is waited for much longer.
     * Instances are copied to the subtasks; there, one makes the generators of all its partitions.
     */
    static final class Live implements WatermarkStrategy<Ingested> {
        private static final long serialVersionUID = 1;

        /** A record that was written longer ago is not read as it is written, however slow its way to Kafka was. */
        private static final long STALE_MILLIS = 30_000;

        /** A subtask that has read none of those for as long has caught up. */
        private static final long CAUGHT_UP_MILLIS = 2000;

        /**
         * Partitions take turns within this, wall clock: what is read meanwhile waits in memory for those that have
         * nothing.
         */
        private static final long TURN_MILLIS = 6000;

        private final long outOfOrderness;
        private final long idleness;
        private final Clock wall;

        /** When this subtask began, epoch milliseconds of the wall clock as all that follow, or 0. */
        private transient long startedAt;

        /** When it last read a stale record, or null; and the first since it caught up. */
        private transient Long staleReadAt;

        private transient long catchingUpSince;

        /** Newest event time of all partitions, or null. */
        private transient Long newestOfAll;

        /** When the record was written that a time is assigned to; its generator hears of it next. */
        private transient long writtenAt;

        Live(long outOfOrderness, long idleness, Clock wall) {
            this.outOfOrderness = outOfOrderness;
            this.idleness = idleness;
            this.wall = wall;
        }

        @Override
        public TimestampAssigner<Ingested> createTimestampAssigner(TimestampAssignerSupplier.Context context) {
            return (record, kafkaTime) -> {
                writtenAt = kafkaTime;
                return record.time();
            };
        }

        @Override
        public WatermarkGenerator<Ingested> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
            if (startedAt == 0) {
                startedAt = wall.millis();
            }
            return new Partition(context.getInputActivityClock());
        }

        private boolean isStale(long now) {
            return writtenAt < startedAt || now - writtenAt > STALE_MILLIS;
        }

        /** Also before anything was read: the first records may be on their way. */
        private boolean isCatchingUp() {
            return newestOfAll == null || (staleReadAt != null && wall.millis() - staleReadAt <= CAUGHT_UP_MILLIS);
        }

        private final class Partition implements WatermarkGenerator<Ingested> {
            /** Stands still while nothing can be sent on: that is no silence. */
            private final RelativeClock activity;

            private long newest = Ingested.NO_TIME;
            private long heardAt;
            private long heardAtWall;
            private boolean idle;

            Partition(RelativeClock activity) {
                this.activity = activity;
                this.heardAt = activity.relativeTimeMillis();
                this.heardAtWall = wall.millis();
            }

            @Override
            public void onEvent(Ingested record, long time, WatermarkOutput output) {
                heardAt = activity.relativeTimeMillis();
                heardAtWall = wall.millis();
                if (isStale(heardAtWall)) {
                    catchingUpSince = staleReadAt != null && isCatchingUp() ? catchingUpSince : heardAtWall;
                    staleReadAt = heardAtWall;
                }
                newest = Math.max(newest, time);
                newestOfAll = newestOfAll == null ? newest : Math.max(newestOfAll, newest);
                if (idle) {
                    // At once: what comes behind it must not be taken for that of an idle partition.
                    tell(output);
                }
            }

            @Override
            public void onPeriodicEmit(WatermarkOutput output) {
                idle = isCatchingUp()
                        ? wall.millis() - Math.max(heardAtWall, catchingUpSince) > Math.max(idleness, TURN_MILLIS)
                        : activity.relativeTimeMillis() - heardAt > idleness;
                if (idle) {
                    output.markIdle();
                } else {
                    tell(output);
                }
            }

            private void tell(WatermarkOutput output) {
                idle = false;
                if (newest == Ingested.NO_TIME) {
                    // Before there was anything to catch up on, it was silent.
                    output.markActive();
                } else {
                    long followed = isCatchingUp() ? newest : newestOfAll;
                    output.emitWatermark(new Watermark(followed - outOfOrderness - 1));
                }
            }
        }
    }
}
