package io.shopwatch.job.inventory;

import io.shopwatch.domain.event.EventOrder;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.inventory.OrderEvent;
import io.shopwatch.domain.inventory.OrderReservations;
import io.shopwatch.domain.inventory.StockChange;
import io.shopwatch.domain.window.Window;
import io.shopwatch.job.common.KeyedBytes;
import io.shopwatch.job.common.OrderedFunction;
import io.shopwatch.settings.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;

/** Keeps the events of each order and emits what new ones change in stock. Keyed by order id. */
final class ReservationFunction extends OrderedFunction<ShopEvent, StockChange> {

    private static final long serialVersionUID = 1;

    private final OrderReservations reservations;
    private final long ttl;

    private transient KeyedBytes books;
    private transient OrderBookCodec codec;

    /**
     * All that is kept of an order.
     *
     * @param events its events, each id once
     * @param ends event time at which the order is forgotten, epoch milliseconds
     */
    record OrderBook(List<OrderEvent> events, long ends) {}

    ReservationFunction(Settings settings) {
        boolean onPaid = settings.inventory().commitOn() == Settings.CommitOn.PAID;
        reservations = new OrderReservations(onPaid ? EventType.PAID : EventType.SHIPPED);
        // An order remembers its event ids as long as it lives, which must not be shorter than promised.
        ttl = Math.max(
                settings.orders().ttl().toMillis(), settings.events().dedupTtl().toMillis());
    }

    @Override
    public void open(OpenContext context) throws Exception {
        // Ends when it is woken after OrderBook.ends.
        books = bytes("order");
        codec = new OrderBookCodec();
    }

    @Override
    public long timeOf(ShopEvent event) {
        return event.time();
    }

    @Override
    public Comparator<ShopEvent> order() {
        return EventOrder.WITHIN_INSTANT;
    }

    @Override
    public EventStream countedAs(ShopEvent event) {
        return EventStream.ORDERS;
    }

    @Override
    public void onInstant(List<ShopEvent> sameInstant, Context<StockChange> context) throws Exception {
        take(sameInstant, context);
    }

    @Override
    public void onLate(ShopEvent event, Context<StockChange> context) throws Exception {
        take(List.of(event), context);
    }

    private void take(List<ShopEvent> events, Context<StockChange> context) throws Exception {
        OrderBook book = books.find() ? codec.read(books.array(), books.offset()) : null;
        List<OrderEvent> before = book == null ? List.of() : book.events();
        Set<String> ids = new HashSet<>();
        before.forEach(event -> ids.add(event.eventId()));
        List<OrderEvent> added = new ArrayList<>(events.size());
        for (ShopEvent event : events) {
            if (ids.add(event.eventId())) {
                added.add(OrderEvent.of(event));
            } else {
                context.countDuplicate(EventStream.ORDERS);
            }
        }
        if (added.isEmpty()) {
            return;
        }
        long time = events.get(0).time();
        reservations.changes(before, added, time).forEach(context::collect);
        List<OrderEvent> after = new ArrayList<>(before);
        after.addAll(added);
        long ends = Math.max(time, context.watermark()) + ttl;
        if (book == null) {
            context.wakeAt(Window.upToMinute(ends));
        } else {
            ends = Math.max(ends, book.ends());
        }
        books.write(codec.write(new OrderBook(after, ends)));
    }

    @Override
    public void onTimer(long time, Context<StockChange> context) throws Exception {
        if (!books.find()) {
            return;
        }
        OrderBook book = codec.read(books.array(), books.offset());
        // Woken once: that follows the end instead of being moved with every event.
        if (book.ends() > time) {
            context.wakeAt(Window.upToMinute(book.ends()));
        } else {
            books.clear();
        }
    }
}
