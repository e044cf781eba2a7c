package io.shopwatch.domain.inventory;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.InventoryResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Stock figures by brute force: everything is computed anew, from all events before the moment asked for, straight from
 * the definitions and without any of the code under test. Knows only lines whose warehouse is that of the placed line.
 */
public final class InventoryOracle {
    private static final long HOUR = 3_600_000;
    private static final long SECOND = 1000;

    private final Settings settings;

    public InventoryOracle(Settings settings) {
        this.settings = settings;
    }

    /** A SKU in a warehouse. */
    public record Place(String sku, String warehouse) {}

    /** Every SKU and warehouse that orders placed, shipped or restocked, or stock events, speak of. */
    public static Set<Place> places(Collection<ShopEvent> events) {
        Set<Place> places = new TreeSet<>(Comparator.comparing(Place::sku).thenComparing(Place::warehouse));
        for (ShopEvent event : events) {
            if (event.stream() == EventStream.STOCK) {
                places.add(new Place(event.sku(), event.warehouse()));
            } else if (event.stream() == EventStream.ORDERS && event.items() != null) {
                event.items().forEach(item -> places.add(new Place(item.sku(), item.warehouse())));
            }
        }
        return places;
    }

    private record Movement(long time, long units) {}

    /** What orders do to one place. */
    private static final class Orders {
        final List<Movement> onHand = new ArrayList<>();
        final List<Movement> demand = new ArrayList<>();
        final List<Long> sales = new ArrayList<>();
        long reserved;
    }

    /**
     * The figures of a place at {@code time} (epoch milliseconds, a whole second), all from events before it. Null if no
     * event speaks of the place.
     */
    public InventoryResult at(Collection<ShopEvent> events, Place place, long time) {
        List<ShopEvent> past = past(events, time);
        Orders orders = orders(past, place);
        List<ShopEvent> stock = past.stream()
                .filter(event -> event.stream() == EventStream.STOCK)
                .filter(event ->
                        event.sku().equals(place.sku) && event.warehouse().equals(place.warehouse))
                .toList();
        long firstSeen = firstSeen(past, place, orders, stock);
        if (firstSeen == Long.MAX_VALUE) {
            return null;
        }
        long onHand = onHand(orders, stock);
        long available = onHand - orders.reserved;
        double velocity = velocity(orders.demand, time);
        double[] demand = hourlyDemand(orders.demand, firstSeen, time);
        double lead = settings.inventory().leadTime().toMillis() / (double) HOUR;
        double leadDeviation = settings.inventory().leadTimeDeviation().toMillis() / (double) HOUR;
        double z = NormalDistribution.of(0, 1)
                .inverseCumulativeProbability(settings.inventory().serviceLevel());
        double safety = z * Math.sqrt(lead * demand[1] + demand[0] * demand[0] * leadDeviation * leadDeviation);
        double reorder = demand[0] * lead + safety;
        String state = state(stock, available, reorder);
        ShopEvent last = null;
        String category = "unknown";
        Long price = null;
        for (ShopEvent event : past) {
            if (event.type() == EventType.PLACED) {
                for (Item item : event.items()) {
                    if (item.sku().equals(place.sku) && item.warehouse().equals(place.warehouse)) {
                        last = event;
                        price = item.unitPrice();
                        category = item.category() == null ? category : item.category();
                    }
                }
            }
        }
        Long received = null;
        for (ShopEvent event : stock) {
            if (event.type() == EventType.RECEIVED) {
                received = event.time();
            }
        }
        String shop = settings.shop().currency();
        return new InventoryResult(
                place.sku,
                place.warehouse,
                category,
                time,
                onHand,
                orders.reserved,
                available,
                velocity,
                velocity > 0 && !stock.isEmpty() ? available / velocity * 3600 : null,
                safety,
                reorder,
                state,
                price == null ? null : Money.toString(price),
                price == null ? null : last.currency() == null ? shop : last.currency(),
                state.equals("out") || state.equals("oversold") ? velocityAtStockOut(past, place, time) : null,
                recentSales(orders.sales, time),
                received);
    }

    /** Distinct events before {@code time}, by time, type and id. */
    private static List<ShopEvent> past(Collection<ShopEvent> events, long time) {
        Map<String, ShopEvent> unique = new HashMap<>();
        for (ShopEvent event : events) {
            if (event.time() < time) {
                unique.putIfAbsent(event.eventId(), event);
            }
        }
        List<ShopEvent> sorted = new ArrayList<>(unique.values());
        sorted.sort(Comparator.comparingLong(ShopEvent::time)
                .thenComparing(ShopEvent::type)
                .thenComparing(ShopEvent::eventId));
        return sorted;
    }

    private Orders orders(List<ShopEvent> past, Place place) {
        Map<String, List<ShopEvent>> byOrder = new LinkedHashMap<>();
        for (ShopEvent event : past) {
            if (event.stream() == EventStream.ORDERS) {
                byOrder.computeIfAbsent(event.orderId(), any -> new ArrayList<>())
                        .add(event);
            }
        }
        Orders orders = new Orders();
        byOrder.values().forEach(events -> order(events, place, orders));
        return orders;
    }

    private void order(List<ShopEvent> events, Place place, Orders orders) {
        boolean commitOnPaid = settings.inventory().commitOn() == Settings.CommitOn.PAID;
        ShopEvent placed = null;
        for (ShopEvent event : events) {
            if (event.type() == EventType.PLACED && placed == null) {
                placed = event;
            }
        }
        long ordered = placed == null ? 0 : units(placed, place);
        long reserved = ordered;
        long cancellable = ordered;
        long cancelled = 0;
        boolean paid = false;
        if (ordered > 0) {
            orders.demand.add(new Movement(placed.time(), ordered));
        }
        for (ShopEvent event : events) {
            boolean pays = event.type() == EventType.PAID && !paid;
            paid |= pays;
            if (event.items() == null && placed == null) {
                continue;
            }
            long units = event.items() == null ? ordered : units(event, place);
            boolean commits = commitOnPaid ? pays : event.type() == EventType.SHIPPED;
            if (commits) {
                reserved = Math.max(0, reserved - units);
                orders.onHand.add(new Movement(event.time(), -units));
            }
            if (event.type() == EventType.SHIPPED) {
                cancellable = Math.max(0, cancellable - units);
            }
            if (event.type() == EventType.CANCELLED) {
                long back = Math.min(units, cancellable);
                reserved = Math.max(0, reserved - units);
                cancellable -= back;
                cancelled += back;
                orders.demand.add(new Movement(event.time(), -back));
            }
            if (event.type() == EventType.REFUNDED && event.restock()) {
                orders.onHand.add(new Movement(event.time(), units));
            }
        }
        orders.reserved += reserved;
        if (ordered > 0 && cancelled < ordered) {
            orders.sales.add(placed.time());
        }
    }

    private static long units(ShopEvent event, Place place) {
        return event.items().stream()
                .filter(item -> item.sku().equals(place.sku) && item.warehouse().equals(place.warehouse))
                .mapToLong(Item::quantity)
                .sum();
    }

    private static long firstSeen(List<ShopEvent> past, Place place, Orders orders, List<ShopEvent> stock) {
        long first = Long.MAX_VALUE;
        for (ShopEvent event : past) {
            if (event.type() == EventType.PLACED && units(event, place) > 0) {
                first = Math.min(first, event.time());
            }
        }
        for (ShopEvent event : stock) {
            first = Math.min(first, event.time());
        }
        for (Movement movement : orders.onHand) {
            first = movement.units == 0 ? first : Math.min(first, movement.time);
        }
        for (Movement movement : orders.demand) {
            first = movement.units == 0 ? first : Math.min(first, movement.time);
        }
        return first;
    }

    private static long onHand(Orders orders, List<ShopEvent> stock) {
        long counted = 0;
        long since = Long.MIN_VALUE;
        for (ShopEvent event : stock) {
            if (event.type() == EventType.COUNTED) {
                counted = event.quantity();
                since = event.time();
            }
        }
        long onHand = counted;
        for (ShopEvent event : stock) {
            if (event.type() != EventType.COUNTED && event.time() > since) {
                onHand += event.quantity();
            }
        }
        for (Movement movement : orders.onHand) {
            onHand += movement.time > since ? movement.units : 0;
        }
        return onHand;
    }

    private double velocity(List<Movement> demand, long time) {
        double halfLife = settings.inventory().halfLife().toMillis() / (double) HOUR;
        double sum = 0;
        for (Movement movement : demand) {
            sum += movement.units * Math.pow(2, -((time - movement.time) / (double) HOUR) / halfLife);
        }
        double velocity = Math.log(2) / halfLife * sum;
        return Math.abs(velocity) < 0.01 ? 0 : velocity;
    }

    /** Mean and variance. */
    private static double[] hourlyDemand(List<Movement> demand, long firstSeen, long time) {
        Map<Long, Long> byHour = new TreeMap<>();
        for (Movement movement : demand) {
            byHour.merge(Math.floorDiv(movement.time, HOUR), movement.units, Long::sum);
        }
        long current = Math.floorDiv(time, HOUR);
        long first = Math.max(Math.floorDiv(firstSeen, HOUR), current - 168);
        List<Long> hours = new ArrayList<>();
        for (long hour = first; hour < current; hour++) {
            hours.add(byHour.getOrDefault(hour, 0L));
        }
        if (hours.isEmpty()) {
            hours.add(byHour.getOrDefault(current, 0L));
        }
        double mean = hours.stream().mapToLong(Long::longValue).average().orElseThrow();
        if (hours.size() < 24) {
            return new double[] {Math.max(0, mean), Math.max(0, mean)};
        }
        double squares = 0;
        for (long units : hours) {
            squares += (units - mean) * (units - mean);
        }
        return new double[] {Math.max(0, mean), squares / (hours.size() - 1)};
    }

    private static String state(List<ShopEvent> stock, long available, double reorder) {
        if (stock.isEmpty()) {
            return "unknown";
        }
        return available < 0 ? "oversold" : available == 0 ? "out" : available <= reorder ? "low" : "in_stock";
    }

    private Double velocityAtStockOut(List<ShopEvent> past, Place place, long time) {
        Set<Long> ends = new TreeSet<>();
        past.forEach(event -> ends.add((Math.floorDiv(event.time(), SECOND) + 1) * SECOND));
        Double velocity = null;
        for (long end : ends) {
            List<ShopEvent> then = past(past, end);
            Orders orders = orders(then, place);
            List<ShopEvent> stock = then.stream()
                    .filter(event -> event.stream() == EventStream.STOCK)
                    .filter(event ->
                            event.sku().equals(place.sku) && event.warehouse().equals(place.warehouse))
                    .toList();
            boolean out = !stock.isEmpty() && onHand(orders, stock) - orders.reserved <= 0;
            velocity = !out ? null : velocity == null ? Double.valueOf(velocity(orders.demand, end)) : velocity;
        }
        return velocity;
    }

    /** Orders of the last four half-lives, to the fifteenth of a half-life. */
    private long recentSales(List<Long> sales, long time) {
        long halfLife = settings.inventory().halfLife().toMillis();
        long part = halfLife / 15;
        long from = Math.floorDiv(time - 4 * halfLife, part) * part;
        return sales.stream().filter(sale -> sale >= from).count();
    }
}
