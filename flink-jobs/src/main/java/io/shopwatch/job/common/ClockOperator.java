package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventTimeClock;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.settings.Settings;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Emits no events, only watermarks: the {@link EventTimeClock} of a job, in one subtask. Joined to the events, it holds
 * time back when a replay races ahead and moves it on when all inputs are silent; partitions with events hold it back
 * by their own watermarks.
 */
final class ClockOperator extends AbstractStreamOperator<ShopEvent> implements OneInputStreamOperator<Long, ShopEvent> {

    private static final long serialVersionUID = 1;
    private static final long TICK_MILLIS = 20;

    private final Settings.Events settings;

    private transient EventTimeClock clock;
    private transient ListState<Long> newest;
    private transient long emitted;
    private transient boolean done;

    ClockOperator(Settings.Events settings) {
        this.settings = settings;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        newest = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("newest", Types.LONG));
        clock = new EventTimeClock(settings.outOfOrderness(), settings.idleness(), settings.catchUpHold());
        for (Long time : newest.get()) {
            clock.restore(time, getProcessingTimeService().getCurrentProcessingTime());
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        emitted = EventTimeClock.NONE;
        tick(getProcessingTimeService().getCurrentProcessingTime());
    }

    private void tick(long now) {
        advance(now);
        if (!done) {
            var unused = getProcessingTimeService().registerTimer(now + TICK_MILLIS, this::tick);
        }
    }

    private void advance(long now) {
        long watermark = clock.watermark(now);
        if (watermark > emitted && !done) {
            emitted = watermark;
            output.emitWatermark(new Watermark(watermark));
        }
    }

    @Override
    public void processElement(StreamRecord<Long> pulse) {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        clock.heard(pulse.getValue(), now);
        advance(now);
    }

    @Override
    public void processWatermark(Watermark mark) {
        // The inputs' watermarks reach the jobs with the events; only the end of all input is passed on from here.
        if (mark.getTimestamp() == Long.MAX_VALUE) {
            done = true;
            output.emitWatermark(mark);
        }
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) {
        // Never idle: this is what moves time on when everything else is.
    }

    @Override
    public void finish() throws Exception {
        done = true;
        super.finish();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        newest.update(clock.newest() == EventTimeClock.NONE ? List.of() : List.of(clock.newest()));
    }
}
