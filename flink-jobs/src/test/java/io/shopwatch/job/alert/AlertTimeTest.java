package io.shopwatch.job.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.junit.jupiter.api.Test;

class AlertTimeTest {
    private final List<Object> said = new ArrayList<>();
    private final WatermarkOutput output = new WatermarkOutput() {
        @Override
        public void emitWatermark(Watermark watermark) {
            said.add(watermark);
        }

        @Override
        public void markIdle() {
            said.add("idle");
        }

        @Override
        public void markActive() {
            said.add("active");
        }
    };

    /** Whatever watermark rules had, it would be the time of the whole job while all other inputs are silent. */
    @Test
    void rulesNeverSayWhatTimeItIs() {
        WatermarkGenerator<String> rules = AlertTime.<String>timeless().createWatermarkGenerator(null);

        rules.onPeriodicEmit(output);
        rules.onEvent("rules", Long.MIN_VALUE, output);
        rules.onPeriodicEmit(output);

        assertThat(said).containsExactly("idle", "idle");
    }
}
