package io.shopwatch.job.common;

import io.shopwatch.wire.FunnelResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Rows of funnels. */
public final class FunnelResultSerializer extends TextSerializer<FunnelResult> {
    private static final long serialVersionUID = 1;

    @Override
    public void serialize(FunnelResult row, DataOutputView out) throws IOException {
        write(row.funnel(), out);
        write(row.window(), out);
        out.writeLong(row.end());
        write(row.segment(), out);
        write(row.value(), out);
        out.writeInt(row.steps() == null ? -1 : row.steps().size());
        if (row.steps() != null) {
            for (FunnelResult.Step step : row.steps()) {
                write(step.step(), out);
                out.writeLong(step.visitors());
            }
        }
        out.writeLong(row.watermark());
    }

    @Override
    public FunnelResult deserialize(DataInputView in) throws IOException {
        // In the order in which they were written: Java evaluates arguments from left to right.
        return new FunnelResult(word(in), word(in), in.readLong(), word(in), word(in), steps(in), in.readLong());
    }

    private List<FunnelResult.Step> steps(DataInputView in) throws IOException {
        int size = in.readInt();
        if (size < 0) {
            return null;
        }
        List<FunnelResult.Step> steps = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            steps.add(new FunnelResult.Step(word(in), in.readLong()));
        }
        return steps;
    }

    @Override
    public FunnelResultSerializer duplicate() {
        return new FunnelResultSerializer();
    }

    @Override
    public TypeSerializerSnapshot<FunnelResult> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint remembers of the serializer: its class. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<FunnelResult> {
        public Snapshot() {
            super(FunnelResultSerializer::new);
        }
    }
}
