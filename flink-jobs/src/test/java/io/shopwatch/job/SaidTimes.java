package io.shopwatch.job;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;

/** What a generator says of time, in its order: watermarks, {@code idle} and {@code active}. */
public final class SaidTimes implements WatermarkOutput {
    private final List<Object> said = new ArrayList<>();

    /** All of it; to be cleared by who has read it. */
    public List<Object> said() {
        return said;
    }

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
}
