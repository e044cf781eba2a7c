package io.shopwatch.job.common;

import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.window.Scope;
import io.shopwatch.domain.window.SeriesChange;
import io.shopwatch.domain.window.SeriesKey;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Changes of series on their way to the windows. */
public final class SeriesChangeSerializer extends TextSerializer<SeriesChange> {
    private static final long serialVersionUID = 1;

    private static final Segment[] SEGMENTS = Segment.values();
    private static final Scope[] SCOPES = Scope.values();

    @Override
    public void serialize(SeriesChange change, DataOutputView out) throws IOException {
        write(change.key.name(), out);
        out.writeByte(change.key.segment().ordinal());
        write(change.key.value(), out);
        write(change.key.currency(), out);
        out.writeLong(change.at);
        out.writeByte(change.scope.ordinal());
        out.writeInt(change.moves.length);
        for (long number : change.moves) {
            out.writeLong(number);
        }
    }

    @Override
    public SeriesChange deserialize(DataInputView in) throws IOException {
        SeriesKey key = new SeriesKey(word(in), SEGMENTS[in.readByte()], word(in), word(in));
        long at = in.readLong();
        Scope scope = SCOPES[in.readByte()];
        long[] moves = new long[in.readInt()];
        for (int i = 0; i < moves.length; i++) {
            moves[i] = in.readLong();
        }
        return new SeriesChange(key, at, scope, moves);
    }

    @Override
    public SeriesChangeSerializer duplicate() {
        return new SeriesChangeSerializer();
    }

    @Override
    public TypeSerializerSnapshot<SeriesChange> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint remembers of the serializer: its class. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SeriesChange> {
        public Snapshot() {
            super(SeriesChangeSerializer::new);
        }
    }
}
