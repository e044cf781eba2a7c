package io.shopwatch.job.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Outcome;
import io.shopwatch.wire.JobStatus;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // what Flink gives to close may throw InterruptedException, which a test just passes on
class StatusOperatorTest {
    private static final long T0 = 1_700_000_000_000L;

    private static OneInputStreamOperatorTestHarness<Tally, JobStatus> harness() throws Exception {
        return new OneInputStreamOperatorTestHarness<>(new StatusOperator<>("funnel"));
    }

    private static StreamRecord<Tally> accepted(long count, long newest) {
        return new StreamRecord<>(new Tally(EventStream.CLICKS, Outcome.ACCEPTED, count, newest));
    }

    private static List<Long> watermarks(OneInputStreamOperatorTestHarness<Tally, JobStatus> harness) {
        return harness.extractOutputValues().stream().map(JobStatus::watermark).toList();
    }

    @Test
    void aCompleteSecondIsReportedAtOnce() throws Exception {
        try (var harness = harness()) {
            harness.open();
            harness.setProcessingTime(1000);
            harness.processWatermark(new Watermark(T0 + 899));
            harness.setProcessingTime(1250);
            harness.getOutput().clear();

            harness.processWatermark(new Watermark(T0 + 998));
            assertThat(watermarks(harness)).isEmpty();
            harness.processWatermark(new Watermark(T0 + 999));

            assertThat(watermarks(harness)).containsExactly(T0 + 999);
        }
    }

    @Test
    void ofSecondsThatPassInAnInstantOnlySomeAreReportedAndTheLast() throws Exception {
        try (var harness = harness()) {
            harness.open();
            harness.setProcessingTime(1000);
            harness.getOutput().clear();

            for (int second = 1; second <= 100; second++) {
                harness.processWatermark(new Watermark(T0 + second * 1000 - 1));
            }
            assertThat(watermarks(harness)).isEmpty();
            harness.setProcessingTime(1300);

            assertThat(watermarks(harness)).containsExactly(T0 + 99_999);
        }
    }

    @Test
    void whereTimeStandsStillAReportComesOnceASecond() throws Exception {
        try (var harness = harness()) {
            harness.open();
            harness.processWatermark(new Watermark(T0 + 999));
            harness.setProcessingTime(300);
            harness.getOutput().clear();

            harness.setProcessingTime(1000);
            assertThat(watermarks(harness)).isEmpty();
            harness.setProcessingTime(1100);

            assertThat(watermarks(harness)).containsExactly(T0 + 999);
        }
    }

    @Test
    void countsOutliveARestart() throws Exception {
        OperatorSubtaskState snapshot;
        String run;
        try (var harness = harness()) {
            harness.open();
            harness.processElement(accepted(3, T0));
            harness.processElement(accepted(4, T0 - 1));
            run = harness.extractOutputValues().get(0).runId();
            snapshot = harness.snapshot(1, 1);
        }
        try (var harness = harness()) {
            harness.initializeState(snapshot);
            harness.open();

            JobStatus status = harness.extractOutputValues().get(0);
            assertThat(status.runId()).isEqualTo(run);
            assertThat(status.events()).isEqualTo(Map.of("clicks", Map.of("accepted", 7L)));
            assertThat(status.newest()).isEqualTo(Map.of("clicks", T0));
        }
    }
}
