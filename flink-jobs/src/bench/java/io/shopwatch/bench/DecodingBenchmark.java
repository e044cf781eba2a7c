package io.shopwatch.bench;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.wire.Decoded;
import io.shopwatch.wire.EventDecoder;
import io.shopwatch.wire.EventEncoder;
import java.util.EnumMap;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** JSON to event and back, over events in natural proportion. */
@State(Scope.Thread)
public class DecodingBenchmark {
    private static final int EVENTS = 10_000;

    private final ShopEvent[] events = new ShopEvent[EVENTS];
    private final byte[][] records = new byte[EVENTS][];
    private final Map<EventStream, EventDecoder> decoders = new EnumMap<>(EventStream.class);
    private int next;

    /** Makes the events. */
    @Setup
    public void prepare() {
        Traffic traffic = new Traffic(10_000, 10_000);
        for (int i = 0; i < EVENTS; i++) {
            events[i] = traffic.next();
            records[i] = EventEncoder.encode(events[i]);
        }
        for (EventStream stream : EventStream.values()) {
            decoders.put(stream, new EventDecoder(stream, null));
        }
    }

    private int next() {
        next = next + 1 == EVENTS ? 0 : next + 1;
        return next;
    }

    /** One event is read. */
    @Benchmark
    public Decoded decode() {
        int i = next();
        return decoders.get(events[i].stream()).decode(records[i], Traffic.START);
    }

    /** One event is written. */
    @Benchmark
    public byte[] encode() {
        return EventEncoder.encode(events[next()]);
    }
}
