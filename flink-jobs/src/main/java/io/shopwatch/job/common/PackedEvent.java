package io.shopwatch.job.common;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What figures by visitor read of an event, as the bytes that cross the network. An event waits about a second for its
 * turn, and that long the garbage collector looks after one array instead of a dozen objects.
 */
public final class PackedEvent {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final EventType[] TYPES = EventType.values();

    private final byte[] bytes;

    private PackedEvent(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Type of the event. */
    public EventType type() {
        return TYPES[bytes[ShopEventSerializer.TYPE_AT]];
    }

    /** Stream of the event. */
    public EventStream stream() {
        return type().stream();
    }

    /** Event time, epoch milliseconds. */
    public long time() {
        return (long) LONG.get(bytes, ShopEventSerializer.TIME_AT);
    }

    /** The visitor, whom every packed event has. */
    public String visitorId() {
        int id = ShopEventSerializer.EVENT_ID_AT;
        int visitor = textAt(id) + lengthAt(id);
        return new String(bytes, textAt(visitor), lengthAt(visitor), StandardCharsets.UTF_8);
    }

    private int lengthAt(int at) {
        int length = bytes[at] & 0xFF;
        return length < TextSerializer.LONG ? length : (int) INT.get(bytes, at + 1);
    }

    private int textAt(int at) {
        return (bytes[at] & 0xFF) < TextSerializer.LONG ? at + 1 : at + 5;
    }

    /** Packs and unpacks events of one thread; serializable, so that functions can bring theirs to where they run. */
    public static final class Packer implements Serializable {
        private static final long serialVersionUID = 1;

        private final ShopEventSerializer serializer = new ShopEventSerializer();
        private transient DataOutputSerializer out;
        private transient DataInputDeserializer in;

        /** The event with nothing but what figures by visitor read: its visitor, segments, items and money. */
        public PackedEvent pack(ShopEvent event) {
            if (out == null) {
                out = new DataOutputSerializer(256);
            }
            try {
                out.clear();
                serializer.serialize(event, ShopEventSerializer.BY_VISITOR, out);
                return new PackedEvent(out.getCopyOfBuffer());
            } catch (IOException e) {
                throw new UncheckedIOException("writing to memory failed", e);
            }
        }

        /** What was packed. */
        public ShopEvent unpack(PackedEvent event) {
            if (in == null) {
                in = new DataInputDeserializer();
            }
            try {
                in.setBuffer(event.bytes);
                return serializer.deserialize(in);
            } catch (IOException e) {
                throw new UncheckedIOException("a packed event cannot be read", e);
            }
        }

        /** Orders packed events as their content is ordered. */
        public Comparator<PackedEvent> by(Comparator<ShopEvent> order) {
            return (a, b) -> {
                // Most of one visitor and instant differ in type, which is what orders compare first.
                int byType = a.type().compareTo(b.type());
                return byType != 0 ? byType : order.compare(unpack(a), unpack(b));
            };
        }
    }

    /** Flink's binary form: the length, and the bytes. */
    public static final class Serializer extends ImmutableSerializer<PackedEvent> {
        private static final long serialVersionUID = 1;

        @Override
        public void serialize(PackedEvent event, DataOutputView out) throws IOException {
            out.writeInt(event.bytes.length);
            out.write(event.bytes);
        }

        @Override
        public PackedEvent deserialize(DataInputView in) throws IOException {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            return new PackedEvent(bytes);
        }

        @Override
        public TypeSerializerSnapshot<PackedEvent> snapshotConfiguration() {
            return new Snapshot();
        }
    }

    /** What a checkpoint remembers of the serializer: its class. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<PackedEvent> {
        public Snapshot() {
            super(Serializer::new);
        }
    }
}
