package io.shopwatch.job.common;

import io.shopwatch.domain.event.CompactBytes;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.OrderHistory;
import io.shopwatch.domain.event.ShopEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * What {@link OrderFacts} keeps of an order as bytes: there may be millions of orders, each of which is a dozen objects.
 *
 * <p>Not thread-safe.
 */
final class OrderCodec {
    private static final int PAID = 1;
    private static final int CURRENCY = 2;

    private final CompactBytes bytes = new CompactBytes();
    private final ShopEventSerializer events = new ShopEventSerializer();
    private final DataOutputSerializer out = new DataOutputSerializer(256);
    private final DataInputDeserializer in = new DataInputDeserializer();

    /** The order as bytes, good until the next is written or read. */
    CompactBytes write(OrderFacts.Order order) throws IOException {
        OrderHistory history = order.history();
        bytes.write();
        bytes.writeNumber((history.paid() ? PAID : 0) | (history.currency() == null ? 0 : CURRENCY));
        bytes.writeTime(history.last());
        bytes.writeTime(order.timer());
        ItemsCodec.write(history.items(), bytes);
        bytes.writeSigned(history.discount());
        if (history.currency() != null) {
            bytes.writeText(history.currency());
        }
        bytes.writeNumber(history.seen().size());
        for (OrderHistory.Seen seen : history.seen()) {
            bytes.writeText(seen.eventId());
            bytes.writeTime(seen.at());
        }
        bytes.writeNumber(history.waiting().size());
        for (ShopEvent event : history.waiting()) {
            out.clear();
            events.serialize(event, out);
            bytes.writeBytes(out.getSharedBuffer(), out.length());
        }
        return bytes;
    }

    /** The order of which that was written, from there on. */
    OrderFacts.Order read(byte[] stored, int offset) throws IOException {
        bytes.read(stored, offset);
        int flags = (int) bytes.readNumber();
        long last = bytes.readTime();
        long timer = bytes.readTime();
        List<Item> items = ItemsCodec.read(bytes);
        long discount = bytes.readSigned();
        String currency = (flags & CURRENCY) == 0 ? null : bytes.readText();
        int ids = (int) bytes.readNumber();
        List<OrderHistory.Seen> seen = new ArrayList<>(ids);
        for (int i = 0; i < ids; i++) {
            seen.add(new OrderHistory.Seen(bytes.readText(), bytes.readTime()));
        }
        int events = (int) bytes.readNumber();
        List<ShopEvent> waiting = new ArrayList<>(events);
        for (int i = 0; i < events; i++) {
            in.setBuffer(bytes.readBytes());
            waiting.add(this.events.deserialize(in));
        }
        return new OrderFacts.Order(
                new OrderHistory(items, discount, currency, (flags & PAID) != 0, seen, waiting, last), timer);
    }
}
