package io.shopwatch.job.inventory;

import io.shopwatch.domain.event.CompactBytes;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.inventory.OrderEvent;
import io.shopwatch.job.common.ItemsCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of an order as bytes, as small as orders are many.
 *
 * <p>Not thread-safe.
 */
final class OrderBookCodec {
    private static final int RESTOCK = 1;
    private static final int CURRENCY = 2;
    private static final int TYPE_BITS = 2;

    private static final EventType[] TYPES = EventType.values();

    private final CompactBytes bytes = new CompactBytes();

    /** The book as bytes, good until the next is written or read. */
    CompactBytes write(ReservationFunction.OrderBook book) {
        bytes.write();
        bytes.writeTime(book.ends());
        bytes.writeNumber(book.events().size());
        for (OrderEvent event : book.events()) {
            bytes.writeNumber((long) event.type().ordinal() << TYPE_BITS
                    | (event.restock() ? RESTOCK : 0)
                    | (event.currency() == null ? 0 : CURRENCY));
            bytes.writeText(event.eventId());
            bytes.writeTime(event.time());
            ItemsCodec.write(event.items(), bytes);
            if (event.currency() != null) {
                bytes.writeText(event.currency());
            }
        }
        return bytes;
    }

    /** The book of which that was written, from there on. */
    ReservationFunction.OrderBook read(byte[] stored, int offset) {
        bytes.read(stored, offset);
        long ends = bytes.readTime();
        int size = (int) bytes.readNumber();
        List<OrderEvent> events = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            int head = (int) bytes.readNumber();
            // Arguments are read from left to right, in the order in which they were written.
            events.add(new OrderEvent(
                    TYPES[head >> TYPE_BITS],
                    bytes.readText(),
                    bytes.readTime(),
                    ItemsCodec.read(bytes),
                    (head & CURRENCY) == 0 ? null : bytes.readText(),
                    (head & RESTOCK) != 0));
        }
        return new ReservationFunction.OrderBook(events, ends);
    }
}
