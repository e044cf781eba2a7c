package io.shopwatch.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.window.Window;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.SalesResult;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Sales by brute force, straight from their definition: sort the events, leave out copies, then for each window look at
 * every event again. Shares no rule with the program; slow and obvious on purpose.
 *
 * <pre>
 * SalesOracle oracle = SalesOracle.of(settings, events);
 * oracle.rowsAt(end);                     // every row that is not all zero, by its key
 * oracle.assertAgrees(emittedRows, ends…); // the newest emitted row of each key, as of each end
 * </pre>
 */
public final class SalesOracle {
    private static final long HALF_HOUR = 30 * 60_000;

    private final ZoneId zone;
    private final String shopCurrency;
    private final long dedupTtl;

    /** Everything that counts, sorted by time. */
    private final List<Count> counts = new ArrayList<>();

    /** One event's share in the figures of one segment value. */
    private record Count(long time, Segment segment, String value, Late late, Figures figures) {}

    /** Why something does not count in sliding windows: known only at that event time (0: whenever it came). */
    private record Late(long knownAt) {}

    /** Figures of one event: distinct ones as the visitor, sums as they are. */
    private static final class Figures {
        private String visitor;
        private String buyer;
        private String currency;
        private long placed;
        private long paid;
        private long units;
        private long gmvPlaced;
        private long gmvPaid;
        private long refunded;
        private long ordered;
        private long abandoned;
    }

    private record Placed(List<Item> items, long discount, String currency) {}

    private record Fact(ShopEvent event, List<Item> items, long discount, String currency, Late late) {}

    private SalesOracle(Settings settings) {
        zone = settings.shop().timezone();
        shopCurrency = settings.shop().currency();
        dedupTtl = settings.events().dedupTtl().toMillis();
    }

    /** The sales of events that all came in time, in any order and with copies; streams other than sales' are ignored. */
    public static SalesOracle of(Settings settings, Collection<ShopEvent> events) {
        return of(settings, events, List.of());
    }

    /**
     * The same with events that came late, each while its day lasted. Late order events are taken in after all others,
     * so events in time must not depend on them; figures of today hold at the end, when all late events are in.
     */
    public static SalesOracle of(Settings settings, Collection<ShopEvent> inTime, Collection<ShopEvent> late) {
        SalesOracle oracle = new SalesOracle(settings);
        List<ShopEvent> sorted = sorted(inTime);
        List<ShopEvent> sortedLate = sorted(late);
        for (ShopEvent event : sorted) {
            oracle.click(event, null);
        }
        for (ShopEvent event : sortedLate) {
            oracle.click(event, new Late(0));
        }
        List<Fact> facts = oracle.facts(sorted, sortedLate);
        for (Fact fact : facts) {
            oracle.fact(fact);
        }
        oracle.carts(sorted, facts);
        oracle.counts.sort(Comparator.comparingLong(Count::time));
        return oracle;
    }

    /** Rows at {@code end} (epoch milliseconds) that are not all zero, by key. */
    public Map<String, SalesResult> rowsAt(long end) {
        Map<String, SalesResult> rows = new TreeMap<>();
        Map<String, List<Count>> bySegmentValue = new LinkedHashMap<>();
        long midnight = midnightBefore(end);
        for (Count count : counts) {
            if (count.time < end && (count.time >= midnight || count.time >= end - 3_600_000)) {
                bySegmentValue
                        .computeIfAbsent(count.segment + "=" + count.value, key -> new ArrayList<>())
                        .add(count);
            }
        }
        for (List<Count> all : bySegmentValue.values()) {
            Segment segment = all.get(0).segment;
            String value = all.get(0).value;
            List<Count> today = within(Window.TODAY, all, end);
            for (Window window : Window.values()) {
                List<Count> inWindow = within(window, all, end);
                Set<String> currencies = new TreeSet<>(Set.of(shopCurrency));
                for (List<Count> seen : List.of(inWindow, today)) {
                    for (Count count : seen) {
                        if (count.figures.currency != null) {
                            currencies.add(count.figures.currency);
                        }
                    }
                }
                for (String currency : currencies) {
                    SalesResult row = row(window, end, segment, value, currency, inWindow);
                    if (!row.equals(row(window, end, segment, value, currency, List.of()))) {
                        rows.put(row.key(), row);
                    }
                }
            }
        }
        return rows;
    }

    /**
     * Asserts for each of the ends that of the rows as they were emitted the newest of each key, up to and including that
     * end, says what this oracle says of it.
     */
    public void assertAgrees(Collection<SalesResult> emitted, long... ends) {
        List<SalesResult> rows = emitted.stream()
                .sorted(Comparator.comparingLong(SalesResult::end))
                .toList();
        Map<String, SalesResult> newest = new TreeMap<>();
        int next = 0;
        for (long end : Arrays.stream(ends).sorted().toArray()) {
            while (next < rows.size() && rows.get(next).end() <= end) {
                SalesResult row = rows.get(next++);
                newest.put(row.key(), row);
            }
            assertThat(differences(newest, rowsAt(end), end))
                    .as("sales at %s", Instant.ofEpochMilli(end))
                    .isEmpty();
        }
    }

    private static List<String> differences(
            Map<String, SalesResult> newest, Map<String, SalesResult> expected, long end) {
        Set<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(newest.keySet());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            SalesResult row = newest.get(key);
            SalesResult is = row == null || isZero(row) ? null : at(row, end);
            if (!Objects.equals(is, expected.get(key))) {
                differences.add("emitted " + is + System.lineSeparator() + " but is " + expected.get(key));
            }
        }
        return differences;
    }

    /** Whether a row says nothing but zeros. */
    public static boolean isZero(SalesResult row) {
        return row.visitors() == 0
                && row.ordersPlaced() == 0
                && row.ordersPaid() == 0
                && row.buyers() == 0
                && row.buyersAnyCurrency() == 0
                && row.unitsPaid() == 0
                && row.gmvPlaced().equals("0")
                && row.gmvPaid().equals("0")
                && row.refunded().equals("0")
                && row.cartsOrdered() == 0
                && row.cartsAbandoned() == 0;
    }

    /** The row as it would be if it had been emitted at another end. */
    public static SalesResult at(SalesResult row, long end) {
        return new SalesResult(
                row.window(),
                end,
                row.segment(),
                row.value(),
                row.currency(),
                row.visitors(),
                row.ordersPlaced(),
                row.ordersPaid(),
                row.buyers(),
                row.buyersAnyCurrency(),
                row.unitsPaid(),
                row.gmvPlaced(),
                row.gmvPaid(),
                row.refunded(),
                row.cartsOrdered(),
                row.cartsAbandoned(),
                end);
    }

    private SalesResult row(
            Window window, long end, Segment segment, String value, String currency, List<Count> counted) {
        Set<String> visitors = new HashSet<>();
        Set<String> buyers = new HashSet<>();
        Set<String> buyersAny = new HashSet<>();
        Figures sum = new Figures();
        for (Count count : counted) {
            Figures one = count.figures;
            if (one.visitor != null) {
                visitors.add(one.visitor);
            }
            if (one.buyer != null) {
                buyersAny.add(one.buyer);
            }
            sum.ordered += one.ordered;
            sum.abandoned += one.abandoned;
            if (currency.equals(one.currency)) {
                if (one.buyer != null) {
                    buyers.add(one.buyer);
                }
                sum.placed += one.placed;
                sum.paid += one.paid;
                sum.units += one.units;
                sum.gmvPlaced += one.gmvPlaced;
                sum.gmvPaid += one.gmvPaid;
                sum.refunded += one.refunded;
            }
        }
        return new SalesResult(
                window.wireName(),
                end,
                segment.wireName(),
                value,
                currency,
                visitors.size(),
                sum.placed,
                sum.paid,
                buyers.size(),
                buyersAny.size(),
                sum.units,
                Money.toString(sum.gmvPlaced),
                Money.toString(sum.gmvPaid),
                Money.toString(sum.refunded),
                sum.ordered,
                sum.abandoned,
                end);
    }

    private List<Count> within(Window window, List<Count> all, long end) {
        long start = window == Window.TODAY ? midnightBefore(end) : end - window.panes() * 1000L;
        return all.stream()
                .filter(count -> count.time >= start && count.time < end)
                .filter(count -> count.late == null
                        || (window == Window.TODAY
                                && count.late.knownAt < end
                                && midnightBefore(count.late.knownAt + 1) <= start))
                .toList();
    }

    /** A window that ends at midnight is the whole day before it. */
    private long midnightBefore(long end) {
        return Instant.ofEpochMilli(end - 1)
                .atZone(zone)
                .toLocalDate()
                .atStartOfDay(zone)
                .toInstant()
                .toEpochMilli();
    }

    private void click(ShopEvent event, Late late) {
        if (event.stream() == EventStream.CLICKS) {
            for (Segment segment : Segment.values()) {
                Figures figures = new Figures();
                figures.visitor = event.visitorId();
                counts.add(new Count(event.time(), segment, segment.valueOf(event), late, figures));
            }
        }
    }

    /** Order events that count, with what they stand for. */
    private List<Fact> facts(List<ShopEvent> sorted, List<ShopEvent> sortedLate) {
        Map<String, List<ShopEvent>> byOrder = new LinkedHashMap<>();
        Set<ShopEvent> late = new HashSet<>();
        for (ShopEvent event : sorted) {
            if (event.stream() == EventStream.ORDERS) {
                byOrder.computeIfAbsent(event.orderId(), id -> new ArrayList<>())
                        .add(event);
            }
        }
        for (ShopEvent event : sortedLate) {
            if (event.stream() == EventStream.ORDERS) {
                byOrder.computeIfAbsent(event.orderId(), id -> new ArrayList<>())
                        .add(event);
                late.add(event);
            }
        }
        List<Fact> facts = new ArrayList<>();
        for (List<ShopEvent> order : byOrder.values()) {
            factsOf(order, late, facts);
        }
        return facts;
    }

    private void factsOf(List<ShopEvent> order, Set<ShopEvent> late, List<Fact> facts) {
        Map<String, Long> seen = new HashMap<>();
        List<ShopEvent> unique = new ArrayList<>();
        for (ShopEvent event : order) {
            Long before = seen.get(event.eventId());
            if (before == null || event.time() - before > dedupTtl) {
                seen.put(event.eventId(), event.time());
                unique.add(event);
            }
        }
        int placedAt = -1;
        for (int i = 0; i < unique.size() && placedAt < 0; i++) {
            if (unique.get(i).type() == EventType.PLACED) {
                placedAt = i;
            }
        }
        Placed placed = null;
        if (placedAt >= 0) {
            ShopEvent event = unique.get(placedAt);
            placed = new Placed(
                    event.items(),
                    event.discount() == null ? 0 : event.discount(),
                    event.currency() == null ? shopCurrency : event.currency());
        }
        // What came before the placed order, and needs it, is known only with it: too late for sliding windows.
        List<ShopEvent> known = new ArrayList<>();
        Set<ShopEvent> waited = new HashSet<>();
        for (int i = 0; i < unique.size(); i++) {
            ShopEvent event = unique.get(i);
            if (i < placedAt && event.items() == null) {
                waited.add(event);
            } else if (event.items() != null || placed != null) {
                known.add(event);
            }
            if (i == placedAt) {
                known.addAll(waited.stream().sorted(BY_TIME).toList());
            }
        }
        boolean paid = false;
        for (ShopEvent event : known) {
            if ((event.type() == EventType.PLACED && event != unique.get(placedAt))
                    || (event.type() == EventType.PAID && paid)) {
                continue;
            }
            paid |= event.type() == EventType.PAID;
            boolean beforePlaced = placed == null || (unique.indexOf(event) < placedAt && !waited.contains(event));
            Placed base = beforePlaced ? new Placed(event.items(), 0, shopCurrency) : placed;
            List<Item> items = event.items() == null ? base.items : event.items();
            facts.add(new Fact(
                    event,
                    items,
                    discount(event, items, base),
                    event.currency() == null ? base.currency : event.currency(),
                    late.contains(event)
                            ? new Late(0)
                            : waited.contains(event) ? known(unique.get(placedAt), late) : null));
        }
    }

    private static Late known(ShopEvent placed, Set<ShopEvent> late) {
        return new Late(late.contains(placed) ? 0 : placed.time());
    }

    private static long discount(ShopEvent event, List<Item> items, Placed placed) {
        if (event.discount() != null) {
            return event.discount();
        }
        if (event.items() == null) {
            return placed.discount;
        }
        long whole = value(placed.items);
        if (whole == 0) {
            return 0;
        }
        double exact = (double) placed.discount * Math.min(value(items), whole) / whole;
        return (long) Math.floor(exact + 0.5);
    }

    private void fact(Fact fact) {
        ShopEvent event = fact.event;
        if (event.type() != EventType.PLACED && event.type() != EventType.PAID && event.type() != EventType.REFUNDED) {
            return;
        }
        for (Segment segment : Segment.values()) {
            if (segment != Segment.CATEGORY) {
                count(fact, segment, segment.valueOf(event), units(fact.items), value(fact.items) - fact.discount);
            }
        }
        long[] discounts = spread(fact.items, fact.discount);
        Map<String, long[]> byCategory = new LinkedHashMap<>();
        for (int i = 0; i < discounts.length; i++) {
            Item item = fact.items.get(i);
            String category = item.category() == null ? "unknown" : item.category();
            long[] worth = byCategory.computeIfAbsent(category, c -> new long[2]);
            worth[0] += item.quantity();
            worth[1] += item.quantity() * item.unitPrice() - discounts[i];
        }
        byCategory.forEach((category, worth) -> count(fact, Segment.CATEGORY, category, worth[0], worth[1]));
    }

    private void count(Fact fact, Segment segment, String value, long units, long gmv) {
        Figures figures = new Figures();
        figures.currency = fact.currency;
        switch (fact.event.type()) {
            case PLACED -> {
                figures.placed = 1;
                figures.gmvPlaced = gmv;
            }
            case PAID -> {
                figures.buyer = fact.event.visitorId();
                figures.paid = 1;
                figures.units = units;
                figures.gmvPaid = gmv;
            }
            default -> figures.refunded = gmv;
        }
        if (fact.event.type() == EventType.REFUNDED && gmv <= 0) {
            return;
        }
        counts.add(new Count(fact.event.time(), segment, value, fact.late, figures));
    }

    /** Largest remainders, by sorting the remainders. */
    private static long[] spread(List<Item> items, long discount) {
        long total = value(items);
        BigInteger whole = BigInteger.valueOf(total == 0 ? Math.max(1, items.size()) : total);
        long[] shares = new long[items.size()];
        List<Integer> byRemainder = new ArrayList<>();
        Map<Integer, BigInteger> remainders = new HashMap<>();
        long left = discount;
        for (int i = 0; i < shares.length; i++) {
            BigInteger weight = BigInteger.valueOf(
                    total == 0 ? 1 : items.get(i).quantity() * items.get(i).unitPrice());
            BigInteger product = weight.multiply(BigInteger.valueOf(discount));
            shares[i] = product.divide(whole).longValueExact();
            remainders.put(i, product.mod(whole));
            byRemainder.add(i);
            left -= shares[i];
        }
        byRemainder.sort(Comparator.comparing(remainders::get, Comparator.reverseOrder()));
        for (int i = 0; i < left && i < shares.length; i++) {
            shares[byRemainder.get(i)]++;
        }
        return shares;
    }

    private void carts(List<ShopEvent> sorted, List<Fact> facts) {
        Set<ShopEvent> placed = new HashSet<>();
        for (Fact fact : facts) {
            if (fact.event.type() == EventType.PLACED && fact.late == null) {
                placed.add(fact.event);
            }
        }
        Map<String, List<ShopEvent>> byVisitor = new LinkedHashMap<>();
        for (ShopEvent event : sorted) {
            if (event.stream() == EventStream.CARTS || placed.remove(event)) {
                byVisitor
                        .computeIfAbsent(event.visitorId(), id -> new ArrayList<>())
                        .add(event);
            }
        }
        for (List<ShopEvent> events : byVisitor.values()) {
            List<ShopEvent> cart = new ArrayList<>();
            for (ShopEvent event : events) {
                if (!cart.isEmpty() && event.time() - cart.get(cart.size() - 1).time() >= HALF_HOUR) {
                    endCart(cart, cart.get(cart.size() - 1).time() + HALF_HOUR, false);
                }
                if (event.type() == EventType.PLACED) {
                    endCart(cart, event.time(), true);
                } else if (!cart.isEmpty() || event.type() == EventType.ADD_TO_CART) {
                    cart.add(event);
                }
            }
            if (!cart.isEmpty()) {
                endCart(cart, cart.get(cart.size() - 1).time() + HALF_HOUR, false);
            }
        }
    }

    private void endCart(List<ShopEvent> cart, long time, boolean ordered) {
        if (cart.isEmpty()) {
            return;
        }
        ShopEvent last = cart.get(cart.size() - 1);
        Set<String> categories = new TreeSet<>();
        for (ShopEvent event : cart) {
            if (event.type() == EventType.ADD_TO_CART) {
                categories.add(event.category() == null ? "unknown" : event.category());
            }
        }
        for (Segment segment : Segment.values()) {
            for (String value : segment == Segment.CATEGORY ? categories : Set.of(segment.valueOf(last))) {
                Figures figures = new Figures();
                figures.ordered = ordered ? 1 : 0;
                figures.abandoned = ordered ? 0 : 1;
                counts.add(new Count(time, segment, value, null, figures));
            }
        }
        cart.clear();
    }

    private static long value(List<Item> items) {
        return items.stream()
                .mapToLong(item -> item.quantity() * item.unitPrice())
                .sum();
    }

    private static long units(List<Item> items) {
        return items.stream().mapToLong(Item::quantity).sum();
    }

    private static final Comparator<ShopEvent> BY_TIME = Comparator.comparingLong(ShopEvent::time)
            .thenComparing(ShopEvent::type)
            .thenComparing(ShopEvent::eventId)
            .thenComparing(ShopEvent::toString);

    private static List<ShopEvent> sorted(Collection<ShopEvent> events) {
        return events.stream().sorted(BY_TIME).toList();
    }
}
