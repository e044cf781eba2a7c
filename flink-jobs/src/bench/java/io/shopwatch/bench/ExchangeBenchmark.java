package io.shopwatch.bench;

import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.job.common.EventTypes;
import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What one event costs between two tasks, besides the network: writing and reading it in Flink's binary form. */
@State(Scope.Thread)
public class ExchangeBenchmark {
    private static final int EVENTS = 10_000;

    private final TypeSerializer<ShopEvent> serializer =
            EventTypes.SHOP_EVENT.createSerializer(new SerializerConfigImpl());
    private final ShopEvent[] events = new ShopEvent[EVENTS];
    private final DataOutputSerializer out = new DataOutputSerializer(1024);
    private final DataInputDeserializer in = new DataInputDeserializer();
    private int next;

    /** Makes the events. */
    @Setup
    public void prepare() {
        Traffic traffic = new Traffic(10_000, 10_000);
        for (int i = 0; i < EVENTS; i++) {
            events[i] = traffic.next();
        }
    }

    /** One event is written and read. */
    @Benchmark
    public ShopEvent writeAndRead() throws IOException {
        next = next + 1 == EVENTS ? 0 : next + 1;
        out.clear();
        serializer.serialize(events[next], out);
        in.setBuffer(out.getSharedBuffer(), 0, out.length());
        return serializer.deserialize(in);
    }
}
