package io.shopwatch.job.common;

import io.shopwatch.wire.InventoryResult;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Rows of stock. */
public final class InventoryResultSerializer extends TextSerializer<InventoryResult> {
    private static final long serialVersionUID = 1;

    @Override
    public void serialize(InventoryResult row, DataOutputView out) throws IOException {
        write(row.sku(), out);
        write(row.warehouse(), out);
        write(row.category(), out);
        out.writeLong(row.time());
        out.writeLong(row.onHand());
        out.writeLong(row.reserved());
        out.writeLong(row.available());
        out.writeDouble(row.velocityPerHour());
        write(row.coverSeconds(), out);
        out.writeDouble(row.safetyStock());
        out.writeDouble(row.reorderPoint());
        write(row.state(), out);
        write(row.unitPrice(), out);
        write(row.currency(), out);
        write(row.velocityAtStockOut(), out);
        out.writeLong(row.recentSales());
        out.writeBoolean(row.lastReceived() != null);
        if (row.lastReceived() != null) {
            out.writeLong(row.lastReceived());
        }
    }

    @Override
    public InventoryResult deserialize(DataInputView in) throws IOException {
        // In the order in which they were written: Java evaluates arguments from left to right.
        return new InventoryResult(
                word(in),
                word(in),
                word(in),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readDouble(),
                number(in),
                in.readDouble(),
                in.readDouble(),
                word(in),
                word(in),
                word(in),
                number(in),
                in.readLong(),
                in.readBoolean() ? Long.valueOf(in.readLong()) : null);
    }

    @Override
    public InventoryResultSerializer duplicate() {
        return new InventoryResultSerializer();
    }

    @Override
    public TypeSerializerSnapshot<InventoryResult> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint remembers of the serializer: its class. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<InventoryResult> {
        public Snapshot() {
            super(InventoryResultSerializer::new);
        }
    }
}
