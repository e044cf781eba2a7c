package io.shopwatch.job.common;

import io.shopwatch.wire.SalesResult;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Rows of sales. */
public final class SalesResultSerializer extends TextSerializer<SalesResult> {
    private static final long serialVersionUID = 1;

    @Override
    public void serialize(SalesResult row, DataOutputView out) throws IOException {
        write(row.window(), out);
        out.writeLong(row.end());
        write(row.segment(), out);
        write(row.value(), out);
        write(row.currency(), out);
        out.writeLong(row.visitors());
        out.writeLong(row.ordersPlaced());
        out.writeLong(row.ordersPaid());
        out.writeLong(row.buyers());
        out.writeLong(row.buyersAnyCurrency());
        out.writeLong(row.unitsPaid());
        write(row.gmvPlaced(), out);
        write(row.gmvPaid(), out);
        write(row.refunded(), out);
        out.writeLong(row.cartsOrdered());
        out.writeLong(row.cartsAbandoned());
        out.writeLong(row.watermark());
    }

    @Override
    public SalesResult deserialize(DataInputView in) throws IOException {
        // In the order in which they were written: Java evaluates arguments from left to right.
        return new SalesResult(
                word(in),
                in.readLong(),
                word(in),
                word(in),
                word(in),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                text(in),
                text(in),
                text(in),
                in.readLong(),
                in.readLong(),
                in.readLong());
    }

    @Override
    public SalesResultSerializer duplicate() {
        return new SalesResultSerializer();
    }

    @Override
    public TypeSerializerSnapshot<SalesResult> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint remembers of the serializer: its class. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SalesResult> {
        public Snapshot() {
            super(SalesResultSerializer::new);
        }
    }
}
