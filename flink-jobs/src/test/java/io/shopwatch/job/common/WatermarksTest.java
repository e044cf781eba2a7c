package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.TestClock;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.job.SaidTimes;
import io.shopwatch.settings.Settings;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

/** When a partition of live input is waited for. */
class WatermarksTest {
    private static final long T0 = 1_700_000_000_000L;
    private static final long SECOND = 1000;

    private final TestClock wall = new TestClock(1_800_000_000_000L);
    private final WatermarkStrategy<Ingested> strategy =
            Watermarks.live(Settings.defaults().events(), wall);
    private final TimestampAssigner<Ingested> times = strategy.createTimestampAssigner(UnregisteredMetricsGroup::new);

    /** Each partition has a clock of its own, which leaves out when nothing could be sent on. */
    private final class Split implements WatermarkGeneratorSupplier.Context {
        private final long created = wall.millis();

        @Override
        public MetricGroup getMetricGroup() {
            return new UnregisteredMetricsGroup();
        }

        @Override
        public RelativeClock getInputActivityClock() {
            return new RelativeClock() {
                @Override
                public long relativeTimeMillis() {
                    return wall.millis() - created;
                }

                @Override
                public long relativeTimeNanos() {
                    return relativeTimeMillis() * 1_000_000;
                }
            };
        }
    }

    private final class Partition {
        private final WatermarkGenerator<Ingested> generator = strategy.createWatermarkGenerator(new Split());
        private final SaidTimes output = new SaidTimes();

        /** @param age time since the record was written */
        void read(long time, Duration age) {
            ShopEvent event = ShopEvent.builder(EventType.VIEW_ITEM, "e", time)
                    .visitor("v")
                    .build();
            Ingested record = Ingested.of(event, 0, 0);
            generator.onEvent(record, times.extractTimestamp(record, wall.millis() - age.toMillis()), output);
        }

        Object says() {
            output.said().clear();
            generator.onPeriodicEmit(output);
            return output.said().isEmpty() ? "nothing" : output.said().get(0);
        }
    }

    @Test
    void aSilentPartitionIsIdleSoonWhereRecordsAreReadAsTheyAreWritten() {
        Partition silent = new Partition();
        Partition busy = new Partition();
        wall.advance(100);
        silent.read(T0, Duration.ofMillis(30));
        wall.advance(500);
        busy.read(T0 + 500, Duration.ofMillis(30));
        // What it will be next is as new.
        assertThat(silent.says()).isEqualTo(new Watermark(T0 - 501));
        wall.advance(1);

        assertThat(silent.says()).isEqualTo("idle");
        assertThat(busy.says()).isEqualTo(new Watermark(T0 - 501));
        silent.output.said().clear();
        silent.read(T0 + 600, Duration.ofMillis(30));
        assertThat(silent.output.said()).containsExactly(new Watermark(T0 - 401));
    }

    @Test
    void ofABacklogAPartitionMayNotHaveHadItsTurn() {
        Partition unread = new Partition();
        Partition busy = new Partition();
        // What reads may need its time to start.
        wall.advance(6 * SECOND);
        assertThat(unread.says()).isEqualTo("active");
        wall.advance(1);
        assertThat(unread.says()).isEqualTo("idle");
        for (int second = 1; second <= 6; second++) {
            wall.advance(SECOND);
            busy.read(T0 + second * 60 * SECOND, Duration.ofHours(1));
            assertThat(unread.says()).isEqualTo("active");
        }
        unread.read(T0, Duration.ofHours(1));
        assertThat(unread.says()).isEqualTo(new Watermark(T0 - 1001));
    }

    @Test
    void aPartitionWithoutRecordsHoldsABacklogForAWhileAtMost() {
        Partition empty = new Partition();
        Partition busy = new Partition();
        for (int second = 0; second <= 6; second++) {
            busy.read(T0 + second * 60 * SECOND, Duration.ofHours(1));
            assertThat(empty.says()).isEqualTo("active");
            wall.advance(SECOND);
        }
        busy.read(T0 + 420 * SECOND, Duration.ofHours(1));

        assertThat(empty.says()).isEqualTo("idle");
    }

    @Test
    void whenTheBacklogIsReadUpSilenceIsSilence() {
        Partition empty = new Partition();
        Partition busy = new Partition();
        wall.advance(SECOND);
        busy.read(T0, Duration.ofHours(1));
        wall.advance(2 * SECOND);
        busy.read(T0 + SECOND, Duration.ofMillis(30));
        assertThat(empty.says()).isEqualTo("active");
        wall.advance(1);

        assertThat(empty.says()).isEqualTo("idle");
    }

    /** What comes through another Kafka, or from producers that gather for long, is no backlog. */
    @Test
    void aSlowWayToKafkaIsNoBacklog() {
        Partition silent = new Partition();
        Partition busy = new Partition();
        silent.read(T0, Duration.ZERO);
        wall.advance(20 * SECOND);
        busy.read(T0 + 15 * SECOND, Duration.ofSeconds(15));

        assertThat(silent.says()).isEqualTo("idle");
    }

    /** Its clock is another one. */
    @Test
    void aPartitionThatIsFoundMuchLaterIsOneOfThem() {
        Partition silent = new Partition();
        silent.read(T0, Duration.ZERO);
        wall.advance(3600 * SECOND);
        assertThat(silent.says()).isEqualTo("idle");
        Partition found = new Partition();
        found.read(T0 + 3600 * SECOND, Duration.ofMinutes(1));
        assertThat(silent.says()).isEqualTo(new Watermark(T0 - 1001));
        for (int second = 1; second <= 7; second++) {
            wall.advance(SECOND);
            found.read(T0 + (3600 + second) * SECOND, Duration.ofMinutes(1));
        }

        assertThat(silent.says()).isEqualTo("idle");
    }
}
