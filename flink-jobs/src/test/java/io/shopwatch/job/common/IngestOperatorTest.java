package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import java.time.Duration;
import java.util.List;
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

    private static OneInputStreamOperatorTestHarness<Ingested, ShopEvent> live() throws Exception {
        OneInputStreamOperatorTestHarness<Ingested, ShopEvent> harness =
                new OneInputStreamOperatorTestHarness<>(IngestOperator.live(Duration.ofSeconds(1)), 1, 1, 0);
        harness.setup(EventTypes.SHOP_EVENT.createSerializer(
                harness.getExecutionConfig().getSerializerConfig()));
        harness.open();
        harness.processWatermark(new Watermark(T0 + 1_200));
        return harness;
    }

    private static StreamRecord<Ingested> event(int partition, long time) {
        ShopEvent event = ShopEvent.builder(EventType.VIEW_ITEM, "e-" + time, time)
                .visitor("v")
                .build();
        return new StreamRecord<>(Ingested.of(event, partition, 0), time);
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
            harness.processElement(event(0, T0 + 2_345));
            harness.processElement(event(1, T0 + 50));
            harness.setProcessingTime(TICK);
            harness.processElement(event(1, T0 + 2_350));
            harness.setProcessingTime(2 * TICK);
            harness.processWatermark(new Watermark(T0 + 1_849));
            harness.processElement(event(1, T0 + 3_000));
            harness.setProcessingTime(3 * TICK);
            assertThat(times(harness)).containsExactly(new Watermark(T0 + 1_299), new Watermark(T0 + 1_999));
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
                    .containsExactly(new Watermark(T0 + 1_199), new Watermark(T0 + 4_999), new Watermark(T0 + 58_999));
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
