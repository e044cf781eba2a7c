package io.shopwatch.job.sales;

import io.shopwatch.job.common.EventTypes;
import io.shopwatch.job.common.ImmutableSerializer;
import io.shopwatch.job.common.PackedEvent;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What the sales of a visitor are made from: a click, a cart event or the fact of an order.
 *
 * @param event the event
 * @param late whether it is a fact whose time has been reported already, so that it counts for its day only
 * @param takenAt event time at which it takes its turn, epoch milliseconds: its own, unless it became known late
 */
record SalesEvent(PackedEvent event, boolean late, long takenAt) {

    /** Flink's type. */
    static final TypeInformation<SalesEvent> TYPE = EventTypes.of(SalesEvent.class, new Serializer());

    static SalesEvent inTime(PackedEvent event) {
        return new SalesEvent(event, false, event.time());
    }

    static SalesEvent late(PackedEvent fact, long knownAt) {
        return new SalesEvent(fact, true, knownAt);
    }

    String visitorId() {
        return event.visitorId();
    }

    /** Flink's binary form. */
    public static final class Serializer extends ImmutableSerializer<SalesEvent> {
        private static final long serialVersionUID = 1;

        private final PackedEvent.Serializer events = new PackedEvent.Serializer();

        @Override
        public void serialize(SalesEvent element, DataOutputView out) throws IOException {
            events.serialize(element.event, out);
            out.writeBoolean(element.late);
            if (element.late) {
                out.writeLong(element.takenAt);
            }
        }

        @Override
        public SalesEvent deserialize(DataInputView in) throws IOException {
            PackedEvent event = events.deserialize(in);
            return in.readBoolean() ? late(event, in.readLong()) : inTime(event);
        }

        @Override
        public TypeSerializerSnapshot<SalesEvent> snapshotConfiguration() {
            return new Snapshot();
        }
    }

    /** What a checkpoint remembers of the serializer: its class. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SalesEvent> {
        public Snapshot() {
            super(Serializer::new);
        }
    }
}
