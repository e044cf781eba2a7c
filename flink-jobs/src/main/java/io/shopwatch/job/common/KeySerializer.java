package io.shopwatch.job.common;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Keys of state as their length and UTF-8, written at once. Flink's own form of a string goes character by character
 * through the stream of a checkpoint: with small values of millions of keys that was most of writing one.
 */
public final class KeySerializer extends ImmutableSerializer<String> {
    /** The serializer: it has no state. */
    public static final KeySerializer INSTANCE = new KeySerializer();

    private static final long serialVersionUID = 1;

    /** A first byte that says: a longer length follows. */
    private static final int LONG = 0xFF;

    @Override
    public void serialize(String key, DataOutputView out) throws IOException {
        byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
        if (utf8.length < LONG) {
            out.writeByte(utf8.length);
        } else {
            out.writeByte(LONG);
            out.writeInt(utf8.length);
        }
        out.write(utf8);
    }

    @Override
    public String deserialize(DataInputView in) throws IOException {
        int length = in.readUnsignedByte();
        byte[] utf8 = new byte[length == LONG ? in.readInt() : length];
        in.readFully(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public String createInstance() {
        return "";
    }

    @Override
    public TypeSerializerSnapshot<String> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint remembers of the serializer: its class. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<String> {
        public Snapshot() {
            super(KeySerializer::new);
        }
    }
}
