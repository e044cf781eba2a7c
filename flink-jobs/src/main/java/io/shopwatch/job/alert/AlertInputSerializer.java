package io.shopwatch.job.alert;

import io.shopwatch.job.common.FunnelResultSerializer;
import io.shopwatch.job.common.ImmutableSerializer;
import io.shopwatch.job.common.InventoryResultSerializer;
import io.shopwatch.job.common.SalesResultSerializer;
import io.shopwatch.job.common.StatusTypes;
import io.shopwatch.wire.JobStatus;
import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** One record of any of the result topics: which it is, and then the record. */
public final class AlertInputSerializer extends ImmutableSerializer<AlertInput> {
    private static final long serialVersionUID = 1;

    private static final int FUNNEL = 0;
    private static final int SALES = 1;
    private static final int STOCK = 2;
    private static final int STATUS = 3;

    private final FunnelResultSerializer funnels = new FunnelResultSerializer();
    private final SalesResultSerializer sales = new SalesResultSerializer();
    private final InventoryResultSerializer stock = new InventoryResultSerializer();

    /** Reports are few: Flink's own form will do. */
    private final TypeSerializer<JobStatus> reports =
            StatusTypes.JOB_STATUS.createSerializer(new SerializerConfigImpl());

    @Override
    public void serialize(AlertInput input, DataOutputView out) throws IOException {
        if (input.funnel() != null) {
            out.writeByte(FUNNEL);
            funnels.serialize(input.funnel(), out);
        } else if (input.sales() != null) {
            out.writeByte(SALES);
            sales.serialize(input.sales(), out);
        } else if (input.stock() != null) {
            out.writeByte(STOCK);
            stock.serialize(input.stock(), out);
        } else {
            out.writeByte(STATUS);
            reports.serialize(input.status(), out);
        }
    }

    @Override
    public AlertInput deserialize(DataInputView in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case FUNNEL -> AlertInput.of(funnels.deserialize(in));
            case SALES -> AlertInput.of(sales.deserialize(in));
            case STOCK -> AlertInput.of(stock.deserialize(in));
            case STATUS -> AlertInput.of(reports.deserialize(in));
            default -> throw new IOException("no kind of record: " + kind);
        };
    }

    @Override
    public AlertInputSerializer duplicate() {
        return new AlertInputSerializer();
    }

    @Override
    public TypeSerializerSnapshot<AlertInput> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint remembers of the serializer: its class. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<AlertInput> {
        public Snapshot() {
            super(AlertInputSerializer::new);
        }
    }
}
