package io.shopwatch.job.common;

import io.shopwatch.domain.window.SeriesChange;
import io.shopwatch.domain.window.SeriesChanges;
import io.shopwatch.domain.window.Window;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Adds up the {@link PaneDelta}s of one subtask, so that few cross the exchange. They are needed when their second is
 * over, and handed on then; before a checkpoint all are, so they need no state of their own.
 */
public final class GatherOperator extends AbstractStreamOperator<SeriesChange>
        implements OneInputStreamOperator<PaneDelta, SeriesChange> {

    private static final long serialVersionUID = 1;

    private transient SeriesChanges changes;

    @Override
    public void open() throws Exception {
        super.open();
        changes = new SeriesChanges();
    }

    @Override
    public void processElement(StreamRecord<PaneDelta> record) {
        PaneDelta delta = record.getValue();
        changes.add(delta.key(), delta.field(), delta.at(), delta.previous(), delta.amount(), delta.scope());
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        flush(mark.getTimestamp() == Long.MAX_VALUE ? Long.MAX_VALUE : Window.paneOf(mark.getTimestamp() + 1));
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        flush(Long.MAX_VALUE);
    }

    @Override
    public void finish() throws Exception {
        flush(Long.MAX_VALUE);
        super.finish();
    }

    private void flush(long end) {
        changes.drain(end, change -> output.collect(new StreamRecord<>(change)));
    }
}
