package io.shopwatch.job.common;

import io.shopwatch.domain.event.Outcome;
import io.shopwatch.domain.event.ShopEvent;
import java.io.Serializable;
import java.util.function.Predicate;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Lets through what a job has a use for, packed: the exchange behind it is what an event costs most. Events that are of
 * no use end here and are counted as accepted, since nothing can be late of which nothing depends on time.
 */
public final class SelectOperator extends AbstractStreamOperator<PackedEvent>
        implements OneInputStreamOperator<ShopEvent, PackedEvent> {

    private static final long serialVersionUID = 1;

    private final Selection selection;
    private final PackedEvent.Packer packer = new PackedEvent.Packer();

    private transient TallyBook tallies;

    /** Whether a job has a use for an event. */
    public interface Selection extends Predicate<ShopEvent>, Serializable {}

    private SelectOperator(Selection selection) {
        this.selection = selection;
    }

    /** Attaches the operator; give the result a name and a uid. */
    public static SingleOutputStreamOperator<PackedEvent> apply(DataStream<ShopEvent> events, Selection selection) {
        return events.transform("Select", EventTypes.PACKED_EVENT, new SelectOperator(selection));
    }

    @Override
    public void open() throws Exception {
        super.open();
        tallies = new TallyBook();
    }

    @Override
    public void processElement(StreamRecord<ShopEvent> record) {
        ShopEvent event = record.getValue();
        if (selection.test(event)) {
            output.collect(record.replace(packer.pack(event)));
        } else {
            tallies.count(event.stream(), Outcome.ACCEPTED, 1, event.time());
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        flush();
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        flush();
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }

    private void flush() {
        tallies.flush(tally -> output.collect(OrderedOperator.TALLIES, new StreamRecord<>(tally)));
    }
}
