package io.shopwatch.simulate;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.simulate.Scenario.Disturbance;
import io.shopwatch.simulate.Scenario.Phase;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;

/**
 * The events of a simulated shop in order of event time. The same configuration gives the same events on any machine.
 *
 * <p>A queue holds everyone who has something left to do: visitors in mid-session, orders on their way, deliveries. So
 * memory depends on the rate, not on the length of the run. The run begins in mid-life: visitors of the last ten
 * minutes are already there, while orders from before {@code from} are left out, because the stock that is counted at
 * {@code from} no longer has their units.
 *
 * <p>Life is compressed so that a demo shows all of it: orders ship after 1 to 10 minutes, unpaid ones are cancelled
 * after 10 to 30, deliveries take 3 to 30.
 *
 * <p>Not thread-safe.
 */
public final class Simulation implements Iterator<ShopEvent> {
    // What a session comes to on average in a calm run, measured; they turn a rate of events into one of sessions.
    static final double EVENTS_PER_SESSION = 6.7;
    static final double ORDERS_PER_SESSION = 0.04;
    static final double UNITS_PER_SESSION = 0.05;

    /** Every so often a unit is missing or found, and a shelf is counted again; milliseconds. */
    private static final double SHRINKAGE_EVERY = 45_000;

    private static final double COUNT_EVERY = 60_000;

    private static final long WARM_UP = 10 * 60_000L;
    private static final double WARM_UP_EVENTS = 600_000;

    /** Sessions of people who were here before, and how many of them there are per event/s. */
    private static final double RETURNING = 0.3;

    private static final double REGULARS = 250;

    /** Visitors in a surge, and visitors that bots pretend to be, per visitor of a calm hour. */
    private static final double SURGE = 3;

    private static final double BOTS = 2.5;

    /** Fake orders per real one. */
    private static final double BRUSHED = 3;

    /** Best seller that a run on one SKU empties. */
    private static final int HOT_RANK = 3;

    /** Share of the phase after which the hot SKU's stock is meant to be gone. */
    private static final double HOT_STOCK = 0.25;

    private final SimulationConfig config;
    private final long from;
    private final long until;
    private final DailyCurve curve;
    private final String run;
    private final PriorityQueue<Actor> queue = new PriorityQueue<>(1024, Actor.BY_TIME);
    private final ArrayDeque<ShopEvent> ready = new ArrayDeque<>();
    private final Truth truth = new Truth();
    private final Map<Disturbance, Boolean> active = new EnumMap<>(Disturbance.class);
    private final SeededRandom random;
    private final Catalogue catalogue;
    private final StockRoom stock;
    private long turns;
    private long events;
    private long sessions;
    private long orders;
    private final long regulars;
    private long newcomers;
    private long clock;
    private Incident hotSkuDrop;

    /** Opens the shop. */
    public Simulation(SimulationConfig config) {
        this.config = config;
        from = config.from().toEpochMilli();
        until = config.duration() == null
                ? Long.MAX_VALUE
                : from + config.duration().toMillis();
        curve = new DailyCurve(config.zone(), from);
        run = runId(config);
        regulars = (long) Math.ceil(config.rate() * REGULARS);
        random = new SeededRandom(SeededRandom.mix(config.seed()));
        catalogue = new Catalogue(config.seed());
        stock = new StockRoom(catalogue, sessionsPerSecond() * UNITS_PER_SESSION * 86_400, random, truth);
        long warmUp = (long) Math.min(WARM_UP, WARM_UP_EVENTS / config.rate() * 1000);
        clock = from - warmUp;
        // First in the queue at its instant, so that stock is known before anything is sold.
        at(from, this::open);
        poisson(clock, this::visitorsPerSecond, now -> new Shopper(this).enter(now));
    }

    /** Part of every id, so that runs with other arguments do not look like duplicates of this one. */
    private static String runId(SimulationConfig config) {
        long hash = SeededRandom.mix(config.seed() + 1);
        hash = SeededRandom.mix(hash ^ config.from().toEpochMilli());
        hash = SeededRandom.mix(hash ^ Double.doubleToLongBits(config.rate()));
        hash = SeededRandom.mix(hash ^ config.scenario().wireName().hashCode());
        hash = SeededRandom.mix(
                hash ^ (config.duration() == null ? 0 : config.duration().toMillis()));
        return Long.toString(hash >>> 28, 36);
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty()) {
            Actor actor = queue.peek();
            if (actor == null || actor.due >= until) {
                clock = until;
                return false;
            }
            queue.poll();
            clock = actor.due;
            actor.act(clock);
        }
        return true;
    }

    @Override
    public ShopEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the simulation is over");
        }
        return ready.poll();
    }

    /**
     * The incidents so far; those that have not ended yet end at the time that the simulation has reached. Besides the
     * scenario's these are all stock-outs and oversells, which happen in any shop.
     */
    public List<Incident> truth() {
        return truth.until(clock);
    }

    /** Changes whenever an incident begins or ends. */
    public int truthVersion() {
        return truth.version();
    }

    // What actors need.

    SeededRandom random() {
        return random;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    StockRoom stock() {
        return stock;
    }

    String currency() {
        return config.currency();
    }

    boolean is(Disturbance disturbance) {
        return active.containsKey(disturbance);
    }

    /** Whether the run has begun; before, visitors come and go unseen. */
    boolean isOpen(long now) {
        return now >= from;
    }

    Catalogue.Sku hotSku() {
        return catalogue.ofRank(HOT_RANK);
    }

    void schedule(Actor actor, long time) {
        actor.due = time;
        actor.turn = turns++;
        queue.add(actor);
    }

    ShopEvent.Builder event(EventType type, long now) {
        return ShopEvent.builder(type, run + "-e" + Long.toString(events++, 36), now);
    }

    void emit(ShopEvent event) {
        if (!isOpen(event.time()) || (is(Disturbance.TRACKER) && event.stream() == EventStream.CLICKS)) {
            return;
        }
        ready.add(event);
    }

    String newSession() {
        return run + "-s" + Long.toString(sessions++, 36);
    }

    String newOrder() {
        return run + "-o" + Long.toString(orders++, 36);
    }

    /** A new visitor, or one of the regulars, some of whom come often. */
    long visitor() {
        return random.chance(RETURNING)
                ? (long) (regulars * random.nextDouble() * random.nextDouble())
                : regulars + newcomers++;
    }

    String visitorId(long visitor) {
        return run + "-v" + Long.toString(visitor, 36);
    }

    /** After an order line has been reserved: order more where the shelf runs low. */
    void reviewStock(int shelf, long now) {
        if (stock.reorder(shelf)) {
            deliver(shelf, now + (long) Math.min(Math.max(random.logNormal(600_000, 0.6), 180_000), 1_800_000));
        }
    }

    // The shop's own doings.

    private void open(long now) {
        planHotSku();
        for (int shelf = 0; shelf < stock.shelves(); shelf++) {
            emitStock(EventType.COUNTED, shelf, stock.onHand(shelf), now);
            if (stock.reorder(shelf)) {
                deliver(shelf, now + (long) random.between(300_000, 5_400_000));
            }
        }
        poisson(now, ignored -> 1000 / SHRINKAGE_EVERY, this::shrink);
        poisson(now, ignored -> 1000 / COUNT_EVERY, this::recount);
        long length = config.duration() == null ? 0 : config.duration().toMillis();
        for (Phase phase : config.scenario().phases(length)) {
            begin(phase, now, length == 0);
        }
    }

    private void deliver(int shelf, long time) {
        at(time, now -> {
            stock.delivered(shelf);
            if (!stock.isHeldBack(shelf)) {
                receive(shelf, stock.deliverySize(shelf), now);
            }
        });
    }

    private void receive(int shelf, long units, long now) {
        stock.add(shelf, units, now);
        emitStock(EventType.RECEIVED, shelf, units, now);
    }

    private void shrink(long now) {
        int shelf = random.below(stock.shelves());
        long units = random.chance(0.2) ? 1 : -1 - random.below(3);
        if (stock.available(shelf) + units >= 0) {
            stock.add(shelf, units, now);
            emitStock(EventType.ADJUSTED, shelf, units, now);
        }
    }

    private void recount(long now) {
        int shelf = random.below(stock.shelves());
        emitStock(EventType.COUNTED, shelf, stock.onHand(shelf), now);
    }

    private void emitStock(EventType type, int shelf, long units, long now) {
        Catalogue.Sku sku = stock.sku(shelf);
        emit(event(type, now)
                .sku(sku.id())
                .category(sku.category())
                .warehouse(stock.warehouse(shelf))
                .quantity(units)
                .build());
    }

    // Disturbances.

    private void begin(Phase phase, long cycleStart, boolean endless) {
        at(cycleStart + phase.start(), start -> {
            active.put(phase.disturbance(), true);
            int[] incidents = announce(phase, start);
            at(cycleStart + phase.end(), end -> {
                active.remove(phase.disturbance());
                for (int incident : incidents) {
                    truth.close(incident, end);
                }
                if (phase.disturbance() == Disturbance.HOT_SKU) {
                    restockHotSku(end);
                }
                if (endless) {
                    begin(phase, cycleStart + Scenario.CYCLE, true);
                }
            });
        });
    }

    /** Notes what ought to be noticed and sets the disturbance going. */
    private int[] announce(Phase phase, long now) {
        return switch (phase.disturbance()) {
            case PAYMENT ->
                new int[] {
                    truth.open(Incident.open("conversion_drop", "all", "all", now, "hardly any payment gets through")
                            .in("purchase", "order>pay")),
                    truth.open(Incident.open("unpaid_orders", "all", "all", now, "orders are placed and not paid"))
                };
            case IOS_CHECKOUT ->
                new int[] {
                    truth.open(Incident.open("conversion_drop", "device", "ios", now, "checkout fails on iOS")
                            .in("purchase", "cart>order"))
                };
            case SURGE ->
                new int[] {
                    truth.open(
                            Incident.open("traffic_surge", "all", "all", now, "flash sale, three times the visitors"))
                };
            case BOTS -> {
                poisson(now, time -> is(Disturbance.BOTS) ? visitorsPerSecond(time) * BOTS : 0, this::bot);
                yield new int[] {truth.open(Incident.open("traffic_surge", "all", "all", now, "bots that only look"))};
            }
            case TRACKER ->
                new int[] {truth.open(Incident.open("no_data", "stream", "clicks", now, "clicks stop, orders go on"))};
            case BRUSHERS -> {
                poisson(
                        now,
                        time -> is(Disturbance.BRUSHERS) ? visitorsPerSecond(time) * ORDERS_PER_SESSION * BRUSHED : 0,
                        this::brush);
                yield new int[] {
                    truth.open(Incident.open("order_burst", "all", "all", now, "orders without a look, two SKUs"))
                };
            }
            case HOT_SKU -> {
                hotSkuDrop = null;
                yield new int[0];
            }
        };
    }

    /** Stock that a run on the hot SKU empties when a quarter of its phase is over. */
    private void planHotSku() {
        long length = config.duration() == null ? 0 : config.duration().toMillis();
        for (Phase phase : config.scenario().phases(length)) {
            if (phase.disturbance() == Disturbance.HOT_SKU) {
                stock.holdBack(HOT_RANK);
                fillHotSku(phase.start(), phase.end() - phase.start());
            }
        }
    }

    private void fillHotSku(long calm, long phase) {
        Catalogue.Sku sku = hotSku();
        double perMilli = sessionsPerSecond() * UNITS_PER_SESSION / 1000;
        double units = perMilli * (calm * catalogue.share(sku) + phase * HOT_STOCK * Shopper.HOT_SHARE * 1.2);
        int shelves = stock.endShelf(sku) - stock.firstShelf(sku);
        for (int shelf = stock.firstShelf(sku); shelf < stock.endShelf(sku); shelf++) {
            stock.stockUp(shelf, Math.max(2, (long) (units / shelves)));
        }
    }

    /** Called when the last unit of the hot SKU has been ordered. */
    void hotSkuGone(long now) {
        if (hotSkuDrop == null && is(Disturbance.HOT_SKU)) {
            hotSkuDrop = Incident.open(
                            "conversion_drop", "all", "all", now, hotSku().id() + " is out and everybody looks at it")
                    .in("purchase", "view>cart");
            truth.open(hotSkuDrop);
        }
    }

    private void restockHotSku(long now) {
        List<Incident> all = truth.until(Long.MAX_VALUE);
        for (int i = 0; i < all.size(); i++) {
            if (hotSkuDrop != null && all.get(i).equals(hotSkuDrop)) {
                truth.close(i, now);
            }
        }
        for (int shelf = stock.firstShelf(hotSku()); shelf < stock.endShelf(hotSku()); shelf++) {
            receive(shelf, stock.deliverySize(shelf), now);
        }
    }

    private void bot(long now) {
        new Bot(this).enter(now);
    }

    private void brush(long now) {
        OrderLife.brush(this, now);
    }

    // Time.

    private double sessionsPerSecond() {
        return config.rate() / EVENTS_PER_SESSION;
    }

    private double visitorsPerSecond(long now) {
        double calm = sessionsPerSecond() * curve.at(now) / curve.at(from);
        return is(Disturbance.SURGE) ? calm * SURGE : calm;
    }

    private void at(long time, LongConsumer what) {
        schedule(
                new Actor() {
                    @Override
                    void act(long now) {
                        what.accept(now);
                    }
                },
                time);
    }

    /** Does something at random times, that many times per second, until the rate is 0. */
    private void poisson(long start, LongToRate perSecond, LongConsumer what) {
        schedule(
                new Actor() {
                    private double time = start;

                    @Override
                    void act(long now) {
                        double rate = perSecond.at(now);
                        if (rate <= 0) {
                            return;
                        }
                        if (now > start) {
                            what.accept(now);
                        }
                        time += random.exponential(1000 / rate);
                        schedule(this, Math.max(now, (long) StrictMath.ceil(time)));
                    }
                },
                start);
    }

    /** Events per second at a time. */
    @FunctionalInterface
    private interface LongToRate {
        double at(long now);
    }
}
