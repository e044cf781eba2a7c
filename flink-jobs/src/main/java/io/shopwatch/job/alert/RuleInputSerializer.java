package io.shopwatch.job.alert;

import io.shopwatch.job.common.ImmutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Records on their way to a rule. */
public final class RuleInputSerializer extends ImmutableSerializer<RuleInput> {
    private static final long serialVersionUID = 1;

    private final AlertInputSerializer inputs = new AlertInputSerializer();

    @Override
    public void serialize(RuleInput routed, DataOutputView out) throws IOException {
        out.writeUTF(routed.rule());
        inputs.serialize(routed.input(), out);
    }

    @Override
    public RuleInput deserialize(DataInputView in) throws IOException {
        return new RuleInput(in.readUTF(), inputs.deserialize(in));
    }

    @Override
    public RuleInputSerializer duplicate() {
        return new RuleInputSerializer();
    }

    @Override
    public TypeSerializerSnapshot<RuleInput> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint remembers of the serializer: its class. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<RuleInput> {
        public Snapshot() {
            super(RuleInputSerializer::new);
        }
    }
}
