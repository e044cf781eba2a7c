package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.Backlog;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** The time that travels with the events of a subtask. */
@SuppressWarnings("try") // what Flink gives to close may throw InterruptedException, which a test just passes on
class IngestOperatorTest {
    private static final long T0 = 1_700_000_000_000L;
    private static final long TICK = 40;

    private static final Settings.Events SETTINGS = new Settings.Events(
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Duration.ofHours(1),
            Duration.ofMillis(500),
            Duration.ofSeconds(1));

    /** Where the logs of clicks end, by partition. */
    private final Map<Integer, Long> ends = new HashMap<>();

    private final Map<Integer, Long> read = new HashMap<>();

    private OneInputStreamOperatorTestHarness<Ingested, ShopEvent> live() throws Exception {
        Logs logs = () -> new Logs.Probe() {
            @Override
            public CompletionStage<Map<String, Backlog.Extent>> extents() {
                return CompletableFuture.completedFuture(ends.entrySet().stream()
                        .collect(Collectors.toMap(
                                end -> Pulse.nameOf("clicks", end.getKey()),
                                end -> new Backlog.Extent(0, end.getValue()))));
            }

            @Override
            public void close() {}
        };
        OneInputStreamOperatorTestHarness<Ingested, ShopEvent> harness =
                new OneInputStreamOperatorTestHarness<>(IngestOperator.live(SETTINGS, logs), 1, 1, 0);
        harness.setup(EventTypes.SHOP_EVENT.createSerializer(
                harness.getExecutionConfig().getSerializerConfig()));
        harness.open();
        harness.processWatermark(new Watermark(T0 + 1_200));
        return harness;
    }

    /** The next event of a partition, which is its last one so far. */
    private StreamRecord<Ingested> event(int partition, long time) {
        ShopEvent event = ShopEvent.builder(EventType.VIEW_ITEM, "e-" + time, time)
                .visitor("v")
                .build();
        long offset = read.merge(partition, 1L, Long::sum) - 1;
        ends.merge(partition, offset + 1, Math::max);
        return new StreamRecord<>(Ingested.of(event, partition, offset), time);
    }

    /** Watermarks and statuses so far. */
    private static List<Object> times(OneInputStreamOperatorTestHarness<Ingested, ShopEvent> harness) {
        return harness.getOutput().stream()
                .filter(element -> !(element instanceof StreamRecord))
                .map(Object.class::cast)
                .toList();
    }

    @Test
    void followsTheNewestEventOfAnyPartitionInStepsThatEndWithTheSecond() throws Exception {
        try (var harness = live()) {
            harness.processElement(event(0, T0 + 2_000));
            harness.processElement(event(1, T0 + 1_950));
            harness.setProcessingTime(TICK);
            // Both have been read to their ends when they are looked at again.
            harness.processElement(event(0, T0 + 2_345));
            harness.setProcessingTime(4 * TICK);
            harness.processWatermark(new Watermark(T0 + 1_849));
            harness.processElement(event(0, T0 + 3_000));
            harness.setProcessingTime(8 * TICK);
            assertThat(times(harness))
                    .containsExactly(
                            new Watermark(T0 + 899),
                            new Watermark(T0 + 999),
                            new Watermark(T0 + 1_299),
                            new Watermark(T0 + 1_999));
        }
    }

    /** The clock may be far ahead of events that it has counted, and the source takes a partition for silent. */
    @Test
    void neverPassesWhatLiesUnreadInAPartition() throws Exception {
        try (var harness = live()) {
            harness.processElement(event(0, T0 + 2_000));
            harness.processElement(event(1, T0 + 2_000));
            ends.put(1, 400L);
            harness.setProcessingTime(TICK);
            for (int second = 3; second < 20; second++) {
                harness.processElement(event(0, T0 + second * 1_000L));
                harness.processWatermark(new Watermark(T0 + (second - 1) * 1_000L - 1));
                harness.setProcessingTime(second * 1_000L);
            }
            assertThat(times(harness)).containsExactly(new Watermark(T0 + 999));
            harness.processElement(event(1, T0 + 4_000));
            harness.setProcessingTime(19_100);
            assertThat(times(harness)).containsExactly(new Watermark(T0 + 999), new Watermark(T0 + 2_999));
            // All of it is read, and nothing more comes.
            read.put(1, 399L);
            harness.processElement(event(1, T0 + 19_500));
            harness.setProcessingTime(20_000);
            harness.processElement(event(0, T0 + 20_000));
            harness.processWatermark(new Watermark(T0 + 18_999));
            harness.setProcessingTime(20_300);
            assertThat(times(harness).get(times(harness).size() - 1)).isEqualTo(new Watermark(T0 + 18_999));
        }
    }

    @Test
    void takesFromTheSourceWhetherThereAreEventsAndTheirEnd() throws Exception {
        try (var harness = live()) {
            harness.processElement(event(0, T0 + 2_000));
            harness.processWatermarkStatus(WatermarkStatus.IDLE);
            harness.processElement(event(0, T0 + 2_010));
            harness.processWatermarkStatus(WatermarkStatus.ACTIVE);
            harness.processWatermark(Watermark.MAX_WATERMARK);
            // What was read is told before the silence.
            assertThat(times(harness))
                    .containsExactly(
                            new Watermark(T0 + 999),
                            WatermarkStatus.IDLE,
                            WatermarkStatus.ACTIVE,
                            Watermark.MAX_WATERMARK);
        }
    }

    /** What is sent on may arrive long after the clock has heard of it: of time, only what comes behind it is sure. */
    @Test
    void waitsForAPartitionThatIsReadAfterOthers() throws Exception {
        try (var harness = live()) {
            harness.processElement(event(0, T0 + 60_000));
            harness.setProcessingTime(TICK);
            assertThat(times(harness)).containsExactly(new Watermark(T0 + 1_199));
            harness.processElement(event(1, T0 + 6_000));
            harness.processWatermark(new Watermark(T0 + 4_999));
            harness.setProcessingTime(2 * TICK);
            harness.processElement(event(1, T0 + 59_900));
            harness.processWatermark(new Watermark(T0 + 58_899));
            harness.setProcessingTime(3 * TICK);
            assertThat(times(harness))
                    .containsExactly(new Watermark(T0 + 1_199), new Watermark(T0 + 4_999), new Watermark(T0 + 58_899));
        }
    }

    @Test
    void staysIdleUntilTheSourceSaysSo() throws Exception {
        try (var harness = live()) {
            harness.processWatermarkStatus(WatermarkStatus.IDLE);
            // Nothing newer than before came: the source says nothing, and would not say that it is idle again.
            harness.processElement(event(0, T0 + 2_000));
            harness.setProcessingTime(TICK);
            harness.processWatermarkStatus(WatermarkStatus.ACTIVE);
            harness.setProcessingTime(2 * TICK);
            assertThat(times(harness))
                    .containsExactly(WatermarkStatus.IDLE, WatermarkStatus.ACTIVE, new Watermark(T0 + 999));
        }
    }
}
