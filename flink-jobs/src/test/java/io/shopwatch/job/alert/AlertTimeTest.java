package io.shopwatch.job.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.job.SaidTimes;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.junit.jupiter.api.Test;

class AlertTimeTest {
    private final SaidTimes output = new SaidTimes();

    /** Whatever watermark rules had, it would be the time of the whole job while all other inputs are silent. */
    @Test
    void rulesNeverSayWhatTimeItIs() {
        WatermarkGenerator<String> rules = AlertTime.<String>timeless().createWatermarkGenerator(null);

        rules.onPeriodicEmit(output);
        rules.onEvent("rules", Long.MIN_VALUE, output);
        rules.onPeriodicEmit(output);

        assertThat(output.said()).containsExactly("idle", "idle");
    }

    @Test
    void aPartitionReadAsItIsWrittenHoldsNothingBackForLong() {
        AlertTime.PartitionTime partition = new AlertTime.PartitionTime(0);

        partition.hear(5_000, 30, 1_000);
        partition.tell(1_060, output);
        partition.tell(1_061, output);
        partition.hear(6_000, 30, 2_000);
        partition.tell(2_000, output);

        // More of the newest time may follow.
        assertThat(output.said()).containsExactly(new Watermark(4_999), "idle", new Watermark(5_999));
    }

    @Test
    void aPartitionThatIsReadUpIsWaitedFor() {
        AlertTime.PartitionTime partition = new AlertTime.PartitionTime(0);

        partition.hear(5_000, 3_600_000, 1_000);
        partition.tell(1_600, output);
        partition.tell(1_601, output);

        assertThat(output.said()).containsExactly(new Watermark(4_999), "idle");
    }
}
