package io.shopwatch.domain.inventory;

import java.io.Serializable;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The stock of one SKU in one warehouse: takes changes, gives figures.
 *
 * <p>On-hand is the newest count plus the movements strictly after it, whatever the order of arrival. A count older than
 * the newest is ignored. A count that arrives late is put where it belongs with the help of the movements of the last
 * {@code history}; one that is later than that, and still the newest, takes the forgotten movements as counted in.
 * Without a count on-hand starts from 0, and any stock event makes it known.
 *
 * <p>Figures are due at whole seconds, and hold exactly the changes known before: one set of changes gives one series of
 * figures, however they arrived, as long as none was late.
 */
public final class StockLevel implements Serializable {
    private static final long serialVersionUID = 1;

    /** A velocity below this, in units per hour, counts as none. */
    public static final double NEGLIGIBLE_VELOCITY = 0.01;

    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long FRESH = 5 * MINUTE;
    private static final long FRESH_REFRESH = 10 * SECOND;
    private static final long REFRESH = MINUTE;
    /** Without a known stock there is no cover that anybody waits for. */
    private static final long UNKNOWN_REFRESH = 5 * MINUTE;
    /** A SKU never heard of for so long, with nothing on hand and nothing reserved, is forgotten. */
    private static final long FORGOTTEN_AFTER = Duration.ofDays(90).toMillis();
    /** Half-lives that recent sales look back, and the parts in which they are counted. */
    private static final int RECENT_HALF_LIVES = 4;

    private static final int PARTS_PER_HALF_LIFE = 15;

    private final ReorderPolicy policy;
    private final SalesVelocity velocity;
    private final long partMillis;
    private final long recentMillis;
    private final long historyMillis;

    /**
     * @param policy when to reorder
     * @param halfLife of the velocity
     * @param history how late a count may arrive and still be exact
     */
    public StockLevel(ReorderPolicy policy, Duration halfLife, Duration history) {
        this.policy = policy;
        this.velocity = new SalesVelocity(halfLife);
        this.partMillis = Math.max(1, halfLife.toMillis() / PARTS_PER_HALF_LIFE);
        this.recentMillis = RECENT_HALF_LIVES * halfLife.toMillis();
        this.historyMillis = history.toMillis();
    }

    /**
     * Takes a change. Changes are handed over in the order of {@link StockChange#known()}, after {@link #settle} up to
     * it; a late one (the watermark has passed it) as soon as it arrives.
     *
     * @param memory what is remembered; changed
     * @param history what came and left lately; changed
     * @param change of this SKU and warehouse
     * @param watermark event time up to which all is in; figures up to it have been given out
     */
    public void apply(StockMemory memory, OnHandHistory history, StockChange change, long watermark) {
        memory.sku = change.sku();
        memory.warehouse = change.warehouse();
        if (isHeardOf(change)) {
            memory.firstSeen =
                    memory.firstSeen == StockMemory.NEVER ? change.time() : Math.min(memory.firstSeen, change.time());
        }
        memory.lastSeen = Math.max(memory.lastSeen, change.known());
        boolean changed =
                switch (change.kind()) {
                    case COUNTED -> count(memory, history, change);
                    case RECEIVED -> {
                        memory.lastReceived = Math.max(memory.lastReceived, change.time());
                        yield move(memory, history, change);
                    }
                    case ADJUSTED -> move(memory, history, change);
                    case ORDER -> order(memory, history, change);
                };
        if (changed) {
            long due = boundaryAfter(Math.max(change.known(), saturatedIncrement(watermark)));
            memory.changedDue = memory.changedDue == StockMemory.NEVER ? due : Math.min(memory.changedDue, due);
        }
    }

    // A release alone says nothing of demand: where clocks disagree it may be older than the order itself.
    private static boolean isHeardOf(StockChange change) {
        return change.kind() != StockChange.Kind.ORDER
                || change.onHand() != 0
                || change.units() != 0
                || change.unitPrice() != null;
    }

    // The watermark may stand at its lowest or highest value, where a step would wrap around.
    private static long saturatedIncrement(long value) {
        return value == Long.MAX_VALUE ? value : value + 1;
    }

    private static long boundaryAfter(long time) {
        return (Math.floorDiv(time, SECOND) + 1) * SECOND;
    }

    private static boolean count(StockMemory memory, OnHandHistory history, StockChange change) {
        boolean first = !memory.counted;
        memory.counted = true;
        boolean older = change.time() < memory.countTime
                || (change.time() == memory.countTime && change.eventId().compareTo(memory.countId) <= 0);
        if (older) {
            return first;
        }
        memory.onHand = change.onHand() + history.sumAfter(change.time());
        memory.countTime = change.time();
        memory.countId = change.eventId();
        history.forgetBefore(change.time());
        return true;
    }

    private static boolean move(StockMemory memory, OnHandHistory history, StockChange change) {
        memory.counted = true;
        shelve(memory, history, change);
        return true;
    }

    private static void shelve(StockMemory memory, OnHandHistory history, StockChange change) {
        if (change.onHand() != 0 && change.time() > memory.countTime) {
            memory.onHand += change.onHand();
            history.add(change.time(), change.onHand());
        }
    }

    private boolean order(StockMemory memory, OnHandHistory history, StockChange change) {
        shelve(memory, history, change);
        memory.reserved += change.reserved();
        if (change.units() != 0) {
            sell(memory, change);
        }
        memory.orders = Buckets.add(
                memory.orders,
                Math.floorDiv(change.time(), partMillis),
                change.orders(),
                Math.floorDiv(memory.lastSeen - recentMillis, partMillis));
        learn(memory, change);
        return true;
    }

    private void sell(StockMemory memory, StockChange change) {
        long time = change.time();
        if (memory.decayedAt == StockMemory.NEVER) {
            memory.decayedUnits = change.units();
            memory.decayedAt = time;
        } else if (time >= memory.decayedAt) {
            memory.decayedUnits = velocity.decayed(memory.decayedUnits, time - memory.decayedAt) + change.units();
            memory.decayedAt = time;
        } else {
            memory.decayedUnits += velocity.decayed((double) change.units(), memory.decayedAt - time);
        }
        memory.lastSale = Math.max(memory.lastSale, time);
        memory.hours = HourlyDemand.add(memory.hours, time, change.units(), memory.lastSeen);
    }

    private static void learn(StockMemory memory, StockChange change) {
        if (change.category() != null && newer(change, memory.categoryTime, memory.categoryId)) {
            memory.category = change.category();
            memory.categoryTime = change.time();
            memory.categoryId = change.eventId();
        }
        if (change.unitPrice() != null && newer(change, memory.priceTime, memory.priceId)) {
            memory.unitPrice = change.unitPrice();
            memory.currency = change.currency();
            memory.priceTime = change.time();
            memory.priceId = change.eventId();
        }
    }

    private static boolean newer(StockChange change, long time, String eventId) {
        return change.time() > time
                || (change.time() == time && change.eventId().compareTo(eventId) > 0);
    }

    /**
     * Gives out all figures that are due up to {@code time}, oldest first.
     *
     * @param memory what is remembered; changed
     * @param history what came and left lately; changed
     * @param time whole or not, epoch milliseconds: all changes known before it have been applied, and none known at or
     *     after it, but late ones
     * @param out takes the figures
     */
    public void settle(StockMemory memory, OnHandHistory history, long time, Consumer<StockFigures> out) {
        for (long due = nextFigures(memory); due != StockMemory.NEVER && due <= time; due = nextFigures(memory)) {
            boolean changed = memory.changedDue == due;
            StockFigures figures = figures(memory, due);
            if (changed || differs(memory, figures)) {
                out.accept(figures);
                memory.velocityAtStockOut = figures.velocityAtStockOut();
                memory.shownVelocity = figures.velocityPerHour();
                memory.shownSafetyStock = figures.safetyStock();
                memory.shownReorderPoint = figures.reorderPoint();
            }
            if (changed) {
                memory.changedDue = StockMemory.NEVER;
            }
            memory.refreshDue = refreshAfter(memory, due);
            history.forgetBefore(due - historyMillis);
        }
    }

    // Between changes only velocity, cover and the demand of the past hours move.
    private static boolean differs(StockMemory memory, StockFigures figures) {
        return figures.velocityPerHour() != memory.shownVelocity
                || figures.safetyStock() != memory.shownSafetyStock
                || figures.reorderPoint() != memory.shownReorderPoint;
    }

    private static long nextFigures(StockMemory memory) {
        if (memory.changedDue == StockMemory.NEVER || memory.refreshDue == StockMemory.NEVER) {
            return Math.max(memory.changedDue, memory.refreshDue);
        }
        return Math.min(memory.changedDue, memory.refreshDue);
    }

    private static long refreshAfter(StockMemory memory, long time) {
        long next = StockMemory.NEVER;
        if (memory.shownVelocity != 0) {
            long step = !memory.counted ? UNKNOWN_REFRESH : time - memory.lastSale < FRESH ? FRESH_REFRESH : REFRESH;
            next = multipleAfter(time, step);
        }
        if (memory.counted && HourlyDemand.changesWithTime(memory.hours, time)) {
            long hour = multipleAfter(time, HourlyDemand.HOUR_MILLIS);
            next = next == StockMemory.NEVER ? hour : Math.min(next, hour);
        }
        return next;
    }

    private static long multipleAfter(long time, long step) {
        return (Math.floorDiv(time, step) + 1) * step;
    }

    /**
     * When {@link #settle} or {@link #isForgotten} may have something to say next, in epoch milliseconds.
     *
     * @param memory of a SKU of which at least one change was applied
     * @param time event time up to which figures were given out
     */
    public long nextDue(StockMemory memory, long time) {
        long figures = nextFigures(memory);
        long forgotten = memory.lastSeen + FORGOTTEN_AFTER;
        // Once past, only a new change can end it: what is reserved or on hand stays remembered until then.
        boolean past = forgotten <= time;
        if (figures == StockMemory.NEVER) {
            return past ? StockMemory.NEVER : forgotten;
        }
        return past ? figures : Math.min(figures, forgotten);
    }

    /** Whether all memory of the SKU may go: nothing heard of it for 90 days, nothing on hand and nothing reserved. */
    public boolean isForgotten(StockMemory memory, long time) {
        return time >= memory.lastSeen + FORGOTTEN_AFTER
                && memory.reserved == 0
                && (memory.onHand == 0 || !memory.counted);
    }

    /** The figures at a time (epoch milliseconds), from the changes applied so far. */
    public StockFigures figures(StockMemory memory, long time) {
        long available = memory.onHand - memory.reserved;
        double perHour = velocityAt(memory, time);
        HourlyDemand.Estimate demand = HourlyDemand.estimate(
                memory.hours, memory.firstSeen == StockMemory.NEVER ? time : memory.firstSeen, time);
        double safetyStock = policy.safetyStock(demand);
        double reorderPoint = policy.reorderPoint(demand);
        StockState state = memory.counted ? policy.state(available, reorderPoint) : StockState.UNKNOWN;
        double shownVelocity = rounded(perHour, 1e9);
        Double atStockOut = state.isOut()
                ? memory.velocityAtStockOut == null ? Double.valueOf(shownVelocity) : memory.velocityAtStockOut
                : null;
        Double cover = state == StockState.UNKNOWN || perHour <= 0
                ? null
                : Double.valueOf(rounded(available / perHour * 3600, 1e3));
        return new StockFigures(
                memory.sku,
                memory.warehouse,
                memory.category,
                time,
                memory.onHand,
                memory.reserved,
                available,
                shownVelocity,
                cover,
                rounded(safetyStock, 1e6),
                rounded(reorderPoint, 1e6),
                state,
                memory.unitPrice,
                memory.currency,
                atStockOut,
                recentSales(memory, time),
                memory.lastReceived == StockMemory.NEVER ? null : memory.lastReceived);
    }

    private double velocityAt(StockMemory memory, long time) {
        if (memory.decayedAt == StockMemory.NEVER) {
            return 0;
        }
        double perHour = velocity.perHour(velocity.decayed(memory.decayedUnits, time - memory.decayedAt));
        return Math.abs(perHour) < NEGLIGIBLE_VELOCITY ? 0 : perHour;
    }

    private long recentSales(StockMemory memory, long time) {
        long first = Math.floorDiv(time - recentMillis, partMillis);
        return Buckets.sum(memory.orders, first, Math.floorDiv(time - 1, partMillis));
    }

    // The last binary digits depend on the order in which late changes came; nobody reads them.
    private static double rounded(double value, double parts) {
        double scaled = value * parts;
        return Math.abs(scaled) < 1L << 52 ? Math.rint(scaled) / parts : value;
    }
}
