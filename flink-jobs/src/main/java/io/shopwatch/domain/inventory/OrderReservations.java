package io.shopwatch.domain.inventory;

import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an order does to stock. The result depends only on the set of the order's events, never on their arrival: it is
 * computed from the whole set, and what is sent on is the difference that new events make.
 *
 * <ul>
 *   <li>The first {@code placed} opens the order and reserves its lines; lines of the same SKU and warehouse add up. Later
 *       {@code placed} events change nothing. All other events take effect after it in order of event time, even where
 *       the producer's clocks put them before it.
 *   <li>{@code shipped} takes units off the shelf and releases as many of the reservation, which never falls below 0. With
 *       {@code commitOn} {@link EventType#PAID} the first {@code paid} does that instead, and {@code shipped} only ends
 *       the time in which a cancellation takes the sale back.
 *   <li>{@code cancelled} releases what is still reserved. It takes units back from velocity and demand, as of its own
 *       time, as far as they have neither left nor been cancelled before; an order that is cancelled altogether no longer
 *       counts as a sale behind the velocity.
 *   <li>{@code refunded} with restock puts units back on the shelf.
 *   <li>An event without items means the whole order as placed, whatever was shipped or cancelled before, and waits for
 *       {@code placed}. One with items takes units off the shelf, or puts them back, even if the order is not known.
 *   <li>A line belongs to the placed line of its SKU and warehouse. If the order has no such line, it belongs to the
 *       placed lines of its SKU, in their order, as far as each still has units: an order often names its warehouse only
 *       when it is shipped, or only when it is placed. Units leave the warehouse that the event names; if it names none
 *       (warehouse {@code default}), that of the placed line.
 * </ul>
 */
public final class OrderReservations implements Serializable {
    private static final long serialVersionUID = 1;

    /** The warehouse of a line that names none. */
    public static final String DEFAULT_WAREHOUSE = "default";

    private final EventType commitOn;

    /**
     * @param commitOn the event that takes units off the shelf
     * @throws IllegalArgumentException if it is neither {@code SHIPPED} nor {@code PAID}
     */
    public OrderReservations(EventType commitOn) {
        if (commitOn != EventType.SHIPPED && commitOn != EventType.PAID) {
            throw new IllegalArgumentException("shipped or paid takes units off the shelf, not " + commitOn);
        }
        this.commitOn = commitOn;
    }

    /**
     * The changes that new events of one order make to stock.
     *
     * @param before the order's events so far, in any order, each id once
     * @param added new events, with ids of their own
     * @param known event time of the new events, epoch milliseconds: before it the changes are not known
     * @return changes of kind {@link StockChange.Kind#ORDER}; none where stock does not change
     */
    public List<StockChange> changes(List<OrderEvent> before, List<OrderEvent> added, long known) {
        List<OrderEvent> after = new ArrayList<>(before);
        after.addAll(added);
        Ledger ledger = new Ledger();
        post(before, ledger, -1);
        post(after, ledger, 1);
        for (OrderEvent event : added) {
            if (event.type() == EventType.PLACED && event.items() != null) {
                for (Item item : event.items()) {
                    ledger.seen(event, item);
                }
            }
        }
        String eventId =
                added.stream().min(OrderEvent.ORDER).map(OrderEvent::eventId).orElse("");
        return ledger.changes(eventId, known);
    }

    private void post(List<OrderEvent> events, Ledger ledger, int sign) {
        List<OrderEvent> sorted = new ArrayList<>(events);
        sorted.sort(OrderEvent.ORDER);
        OrderEvent placed = first(sorted, EventType.PLACED);
        OrderEvent paid = first(sorted, EventType.PAID);
        Order order = new Order(placed, ledger, sign);
        for (OrderEvent event : sorted) {
            if (event.items() == null && placed == null) {
                continue;
            }
            switch (event.type()) {
                case PAID -> {
                    if (commitOn == EventType.PAID && event.equals(paid)) {
                        order.commit(event);
                    }
                }
                case SHIPPED -> {
                    if (commitOn == EventType.SHIPPED) {
                        order.commit(event);
                    }
                    order.leave(event);
                }
                case CANCELLED -> order.cancel(event);
                case REFUNDED -> {
                    if (event.restock()) {
                        order.restock(event);
                    }
                }
                default -> {
                    // Later placed events never count; the first one has opened the order.
                }
            }
        }
        order.close();
    }

    private static OrderEvent first(List<OrderEvent> sorted, EventType type) {
        for (OrderEvent event : sorted) {
            if (event.type() == type) {
                return event;
            }
        }
        return null;
    }

    private record Place(String sku, String warehouse) {}

    /** A line of the order as placed, and what has become of it. */
    private static final class Line {
        final Place place;
        long placed;
        long reserved;
        /** Neither shipped nor cancelled; the same as reserved where shipping takes units off the shelf. */
        long open;

        long cancelled;
        /** Taken off the shelf and not put back. */
        long away;

        Line(Place place) {
            this.place = place;
        }
    }

    /** One pass over an order's events, posting each effect to the ledger. */
    private static final class Order {
        private final Ledger ledger;
        private final int sign;
        private final long placedAt;
        private final Map<Place, Line> lines = new LinkedHashMap<>();

        Order(OrderEvent placed, Ledger ledger, int sign) {
            this.ledger = ledger;
            this.sign = sign;
            this.placedAt = placed == null ? 0 : placed.time();
            if (placed == null || placed.items() == null) {
                return;
            }
            for (Item item : placed.items()) {
                Line line = lines.computeIfAbsent(new Place(item.sku(), item.warehouse()), Line::new);
                line.placed += item.quantity();
            }
            for (Line line : lines.values()) {
                line.reserved = line.placed;
                line.open = line.placed;
                ledger.add(line.place, placedAt, 0, sign * line.placed, sign * line.placed, sign);
            }
        }

        void commit(OrderEvent event) {
            for (Item item : itemsOf(event)) {
                List<Line> own = linesFor(item);
                boolean where = own.isEmpty() || !unnamed(item, own);
                long left = item.quantity();
                for (Line line : own) {
                    long units = Math.min(left, line.reserved);
                    line.reserved -= units;
                    left -= units;
                    reserve(line, event, -units);
                    if (!where) {
                        shelve(line, event, -units);
                    }
                }
                if (where) {
                    ledger.add(placeOf(item), event.time(), -sign * item.quantity(), 0, 0, 0);
                    own.stream().findFirst().ifPresent(line -> line.away += item.quantity());
                } else {
                    shelve(own.get(0), event, -left);
                }
            }
        }

        void leave(OrderEvent event) {
            for (Item item : itemsOf(event)) {
                long left = item.quantity();
                for (Line line : linesFor(item)) {
                    long units = Math.min(left, line.open);
                    line.open -= units;
                    left -= units;
                }
            }
        }

        void cancel(OrderEvent event) {
            for (Item item : itemsOf(event)) {
                long left = item.quantity();
                for (Line line : linesFor(item)) {
                    long released = Math.min(left, line.reserved);
                    long unsold = Math.min(left, line.open);
                    line.reserved -= released;
                    line.open -= unsold;
                    line.cancelled += unsold;
                    left -= Math.max(released, unsold);
                    ledger.add(line.place, event.time(), 0, -sign * released, -sign * unsold, 0);
                }
            }
        }

        void restock(OrderEvent event) {
            for (Item item : itemsOf(event)) {
                List<Line> own = linesFor(item);
                if (own.isEmpty() || !unnamed(item, own)) {
                    ledger.add(placeOf(item), event.time(), sign * item.quantity(), 0, 0, 0);
                    continue;
                }
                long left = item.quantity();
                for (Line line : own) {
                    long units = Math.min(left, Math.max(0, line.away));
                    left -= units;
                    shelve(line, event, units);
                }
                shelve(own.get(0), event, left);
            }
        }

        /** An order that was cancelled altogether is no sale, from its beginning. */
        void close() {
            for (Line line : lines.values()) {
                if (line.cancelled == line.placed) {
                    ledger.add(line.place, placedAt, 0, 0, 0, -sign);
                }
            }
        }

        private void reserve(Line line, OrderEvent event, long units) {
            ledger.add(line.place, event.time(), 0, sign * units, 0, 0);
        }

        private void shelve(Line line, OrderEvent event, long units) {
            line.away -= units;
            ledger.add(line.place, event.time(), sign * units, 0, 0, 0);
        }

        private List<Item> itemsOf(OrderEvent event) {
            if (event.items() != null) {
                return event.items();
            }
            List<Item> whole = new ArrayList<>();
            for (Line line : lines.values()) {
                whole.add(new Item(line.place.sku(), null, line.placed, 0, line.place.warehouse()));
            }
            return whole;
        }

        private List<Line> linesFor(Item item) {
            Line exact = lines.get(placeOf(item));
            if (exact != null) {
                return List.of(exact);
            }
            return lines.values().stream()
                    .filter(line -> line.place.sku().equals(item.sku()))
                    .toList();
        }

        private static boolean unnamed(Item item, List<Line> own) {
            return item.warehouse().equals(DEFAULT_WAREHOUSE)
                    && !own.get(0).place.warehouse().equals(DEFAULT_WAREHOUSE);
        }

        private static Place placeOf(Item item) {
            return new Place(item.sku(), item.warehouse());
        }
    }

    private record Entry(Place place, long time) {}

    private static final class Amounts {
        long onHand;
        long reserved;
        long units;
        long orders;
        OrderEvent event;
        String category;
        Long unitPrice;
    }

    /** Amounts by SKU, warehouse and event time. */
    private static final class Ledger {
        private final Map<Entry, Amounts> entries = new HashMap<>();

        void add(Place place, long time, long onHand, long reserved, long units, long orders) {
            Amounts amounts = entries.computeIfAbsent(new Entry(place, time), any -> new Amounts());
            amounts.onHand += onHand;
            amounts.reserved += reserved;
            amounts.units += units;
            amounts.orders += orders;
        }

        void seen(OrderEvent event, Item item) {
            Amounts amounts = entries.computeIfAbsent(
                    new Entry(new Place(item.sku(), item.warehouse()), event.time()), any -> new Amounts());
            if (amounts.event == null || OrderEvent.ORDER.compare(amounts.event, event) <= 0) {
                amounts.event = event;
                amounts.unitPrice = item.unitPrice();
                amounts.category = item.category() == null ? amounts.category : item.category();
            }
        }

        List<StockChange> changes(String eventId, long known) {
            List<StockChange> changes = new ArrayList<>();
            entries.forEach((entry, amounts) -> {
                if (amounts.onHand != 0
                        || amounts.reserved != 0
                        || amounts.units != 0
                        || amounts.orders != 0
                        || amounts.event != null) {
                    changes.add(new StockChange(
                            StockChange.Kind.ORDER,
                            entry.place.sku(),
                            entry.place.warehouse(),
                            amounts.event == null ? eventId : amounts.event.eventId(),
                            entry.time,
                            Math.max(known, entry.time),
                            amounts.onHand,
                            amounts.reserved,
                            amounts.units,
                            amounts.orders,
                            amounts.category,
                            amounts.unitPrice,
                            amounts.event == null ? null : amounts.event.currency()));
                }
            });
            changes.sort(Comparator.comparing(StockChange::sku)
                    .thenComparing(StockChange::warehouse)
                    .thenComparing(StockChange.ORDER));
            return changes;
        }
    }
}
