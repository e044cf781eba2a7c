package io.shopwatch.job.common;

import io.shopwatch.domain.window.SeriesChange;
import io.shopwatch.domain.window.SlidingSums;
import java.time.ZoneId;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.OperatorStateCheckpointOutputStream;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StatePartitionStreamProvider;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.Collector;

/**
 * Adds up the {@link SeriesChange}s of all subtasks and emits the windows that changed, second by second, once the watermark
 * has passed their end. Runs in one subtask: what reaches it has been added up per second in every subtask before it.
 *
 * <p>State ends by itself: a series without amounts in its longest window and today is dropped.
 *
 * @param <R> results
 */
public final class SlidingWindowOperator<R> extends AbstractStreamOperator<R>
        implements OneInputStreamOperator<SeriesChange, R> {

    private static final long serialVersionUID = 1;

    private final int fields;
    private final ZoneId zone;
    private final Assembler<R> assembler;

    private transient SlidingSums sums;
    private transient Collector<R> collector;

    private SlidingWindowOperator(int fields, ZoneId zone, Assembler<R> assembler) {
        this.fields = fields;
        this.zone = zone;
        this.assembler = assembler;
    }

    /**
     * Attaches the operator, with parallelism 1; give the result a name and a uid.
     *
     * @param fields number of fields of every series
     * @param zone where {@code today} begins
     */
    public static <R> SingleOutputStreamOperator<R> apply(
            DataStream<SeriesChange> changes,
            int fields,
            ZoneId zone,
            Assembler<R> assembler,
            TypeInformation<R> results) {
        return changes.global()
                .transform("Sliding windows", results, new SlidingWindowOperator<>(fields, zone, assembler))
                .setParallelism(1)
                .setMaxParallelism(1);
    }

    /** The operator itself, for a test harness. */
    public static <R> SlidingWindowOperator<R> of(int fields, ZoneId zone, Assembler<R> assembler) {
        return new SlidingWindowOperator<>(fields, zone, assembler);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        sums = new SlidingSums(fields, zone);
        for (StatePartitionStreamProvider stored : context.getRawOperatorStateInputs()) {
            sums = SlidingSums.read(stored.getStream().readAllBytes(), fields, zone);
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        collector = new Collector<>() {
            private final StreamRecord<R> reused = new StreamRecord<>(null);

            @Override
            public void collect(R result) {
                reused.eraseTimestamp();
                output.collect(reused.replace(result));
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void processElement(StreamRecord<SeriesChange> record) {
        sums.add(record.getValue());
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        // The last watermark of a bounded run says that nothing follows, not that time goes on.
        if (mark.getTimestamp() != Long.MAX_VALUE) {
            sums.advanceTo(
                    mark.getTimestamp() + 1, (end, view, changed) -> assembler.assemble(end, view, changed, collector));
        }
        super.processWatermark(mark);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        // Not as a list state: what is written to one goes byte by byte through three streams.
        OperatorStateCheckpointOutputStream out = context.getRawOperatorStateOutput();
        out.startNewPartition();
        sums.write().writeTo(out);
    }

    /** Number of series in state. */
    public int size() {
        return sums.size();
    }
}
