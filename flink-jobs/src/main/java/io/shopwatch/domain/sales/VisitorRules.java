package io.shopwatch.domain.sales;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.window.Window;
import java.io.Serializable;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sales figures from the clicks, cart events and order facts ({@link io.shopwatch.domain.event.OrderRules}) of one
 * visitor.
 *
 * <ul>
 *   <li>Visitors are distinct visitors with any click, buyers distinct visitors with a {@code paid}.
 *   <li>Orders, units and GMV count at the event's own time: basis placed at {@code placed}, basis paid at {@code paid},
 *       refunds at {@code refunded}. By category an order counts once in every category it has items of.
 *   <li>Segment values are those of the event itself, {@code unknown} where it has none.
 *   <li>A cart opens with {@code add_to_cart}; every further cart event prolongs it. It ends as ordered at {@code
 *       placed}, or as abandoned {@link #ABANDONED_AFTER} after its last event. Its segment values are those of its last
 *       event, its categories those of all that was put in.
 *   <li>Late events count for their own day while it lasts, and nowhere else: they neither disturb sliding windows nor
 *       carts.
 * </ul>
 *
 * <p>Events must be handed over in time order, except late ones. An instance belongs to one thread.
 */
public final class VisitorRules implements Serializable {
    private static final long serialVersionUID = 1;

    /** How long after its last event a cart is abandoned. */
    public static final Duration ABANDONED_AFTER = Duration.ofMinutes(30);

    /**
     * Distinct values per figure and segment that are remembered of one visitor, oldest forgotten first: more than any
     * person visits categories a day, so only a hostile visitor can be counted twice.
     */
    public static final int MAX_VALUES = 1024;

    private static final long ABANDONED_AFTER_MILLIS = ABANDONED_AFTER.toMillis();
    private static final Segment[] SEGMENTS = Segment.values();

    private final ShopDays days;

    /** @param timezone where the shop's days begin */
    public VisitorRules(ZoneId timezone) {
        days = new ShopDays(timezone);
    }

    /** Takes in an event that came in time, after all earlier ones of the visitor. */
    public VisitorSales onTime(VisitorSales state, ShopEvent event, SalesLedger ledger) {
        Book book = new Book(state.hits(), Window.paneOf(event.time()), false, ledger);
        VisitorSales.Cart cart = leave(state.cart(), event.time(), ledger);
        if (event.stream() == EventStream.CARTS) {
            cart = touch(cart, event);
        } else if (event.type() == EventType.PLACED && cart != null) {
            end(cart, SalesFigure.CARTS_ORDERED, event.time(), ledger);
            cart = null;
        }
        book.enter(event);
        return new VisitorSales(book.hits, cart);
    }

    /**
     * Takes in an event that came too late.
     *
     * @param now event time that has been reached, epoch milliseconds: what ends up to then is reported, and the event
     *     shows in the day from the next second on
     */
    public VisitorSales late(VisitorSales state, ShopEvent event, long now, SalesLedger ledger) {
        long pane = Window.paneOf(now + 1);
        if (days.endOf(Window.paneOf(event.time())) <= pane) {
            return state; // its day is over and reported
        }
        Book book = new Book(state.hits(), pane, true, ledger);
        book.enter(event);
        return new VisitorSales(book.hits, state.cart());
    }

    /**
     * Does what is due: a cart left for too long is abandoned, and what no window can need any more is forgotten.
     *
     * @param now event time that has been reached, epoch milliseconds
     */
    public VisitorSales settle(VisitorSales state, long now, SalesLedger ledger) {
        long pane = Window.paneOf(now);
        long today = days.startOf(pane);
        List<VisitorSales.Hit> kept = new ArrayList<>(state.hits().size());
        for (VisitorSales.Hit hit : state.hits()) {
            boolean slides = hit.pane() != VisitorSales.NEVER
                    && (hit.pane() >= today || pane - hit.pane() < Window.LONGEST_PANES);
            if (slides || hit.lateDay() > today) {
                kept.add(hit);
            }
        }
        return new VisitorSales(kept, leave(state.cart(), now, ledger));
    }

    /** When the cart is abandoned, unless something happens to it before, epoch milliseconds. */
    public long leftAt(VisitorSales.Cart cart) {
        return cart.last() + ABANDONED_AFTER_MILLIS;
    }

    /**
     * When {@link #settle} forgets the last of the hits, epoch milliseconds: they are forgotten together.
     *
     * @param hits at least one
     */
    public long forgottenAt(List<VisitorSales.Hit> hits) {
        long newest = VisitorSales.NEVER;
        long pane = VisitorSales.NEVER;
        for (VisitorSales.Hit hit : hits) {
            newest = Math.max(newest, hit.pane());
            pane = Math.max(pane, hit.lateDay());
        }
        if (newest != VisitorSales.NEVER) {
            pane = Math.max(pane, Math.max(newest + Window.LONGEST_PANES, days.endOf(newest)));
        }
        return pane * Window.SLIDE_MILLIS;
    }

    private static VisitorSales.Cart touch(VisitorSales.Cart cart, ShopEvent event) {
        boolean adds = event.type() == EventType.ADD_TO_CART;
        if (cart == null && !adds) {
            return null;
        }
        List<String> categories = cart == null ? List.of() : cart.categories();
        String category = Segment.CATEGORY.valueOf(event);
        if (adds && categories.size() < MAX_VALUES && !categories.contains(category)) {
            categories = new ArrayList<>(categories);
            categories.add(category);
        }
        return new VisitorSales.Cart(
                cart == null ? event.time() : Math.max(cart.last(), event.time()),
                Segment.CHANNEL.valueOf(event),
                Segment.DEVICE.valueOf(event),
                Segment.REGION.valueOf(event),
                Segment.CAMPAIGN.valueOf(event),
                categories);
    }

    /** The cart, unless it has been left for too long: then it ended at the very time that this became so. */
    private VisitorSales.Cart leave(VisitorSales.Cart cart, long now, SalesLedger ledger) {
        if (cart == null || now < leftAt(cart)) {
            return cart;
        }
        end(cart, SalesFigure.CARTS_ABANDONED, leftAt(cart), ledger);
        return null;
    }

    private static void end(VisitorSales.Cart cart, SalesFigure figure, long time, SalesLedger ledger) {
        long pane = Window.paneOf(time);
        ledger.add(figure, Segment.ALL, Segment.ALL_VALUE, null, pane, 1);
        ledger.add(figure, Segment.CHANNEL, cart.channel(), null, pane, 1);
        ledger.add(figure, Segment.DEVICE, cart.device(), null, pane, 1);
        ledger.add(figure, Segment.REGION, cart.region(), null, pane, 1);
        ledger.add(figure, Segment.CAMPAIGN, cart.campaign(), null, pane, 1);
        for (String category : cart.categories()) {
            ledger.add(figure, Segment.CATEGORY, category, null, pane, 1);
        }
    }

    /** Enters one event into the ledger, with the hits as they are before and after. */
    private final class Book {
        private final List<VisitorSales.Hit> hits;
        private final long pane;
        private final boolean late;
        private final SalesLedger ledger;
        private final long dayStart;
        private final long dayEnd;

        Book(List<VisitorSales.Hit> hits, long pane, boolean late, SalesLedger ledger) {
            this.hits = new ArrayList<>(hits);
            this.pane = pane;
            this.late = late;
            this.ledger = ledger;
            dayStart = days.startOf(pane);
            dayEnd = days.endOf(pane);
        }

        void enter(ShopEvent event) {
            if (event.stream() == EventStream.CLICKS) {
                for (Segment segment : SEGMENTS) {
                    hit(SalesFigure.VISITORS, segment, segment.valueOf(event), null);
                }
                return;
            }
            switch (event.type()) {
                case PLACED, PAID, REFUNDED -> {
                    OrderValue whole = OrderValue.of(event);
                    for (Segment segment : SEGMENTS) {
                        if (segment != Segment.CATEGORY) {
                            fact(event, segment, segment.valueOf(event), whole);
                        }
                    }
                    for (Map.Entry<String, OrderValue> part : OrderValue.byCategory(event.items(), event.discount())
                            .entrySet()) {
                        fact(event, Segment.CATEGORY, part.getKey(), part.getValue());
                    }
                }
                default -> {
                    // Cart events change carts only; what is shipped or cancelled changes no sales figure.
                }
            }
        }

        private void fact(ShopEvent event, Segment segment, String value, OrderValue worth) {
            String currency = event.currency();
            if (event.type() == EventType.PLACED) {
                add(SalesFigure.ORDERS_PLACED, segment, value, currency, 1);
                add(SalesFigure.GMV_PLACED, segment, value, currency, worth.gmv());
            } else if (event.type() == EventType.PAID) {
                add(SalesFigure.ORDERS_PAID, segment, value, currency, 1);
                add(SalesFigure.UNITS_PAID, segment, value, currency, worth.units());
                add(SalesFigure.GMV_PAID, segment, value, currency, worth.gmv());
                hit(SalesFigure.BUYERS, segment, value, currency);
                hit(SalesFigure.BUYERS_ANY_CURRENCY, segment, value, null);
            } else {
                // A discount larger than what is refunded gives nothing back; it takes nothing either.
                add(SalesFigure.REFUNDED, segment, value, currency, Math.max(0, worth.gmv()));
            }
        }

        private void add(SalesFigure figure, Segment segment, String value, String currency, long amount) {
            if (amount == 0) {
                return;
            }
            if (late) {
                ledger.addToday(figure, segment, value, currency, pane, amount);
            } else {
                ledger.add(figure, segment, value, currency, pane, amount);
            }
        }

        private void hit(SalesFigure figure, Segment segment, String value, String currency) {
            int known = 0;
            int oldest = -1;
            for (int i = 0; i < hits.size(); i++) {
                VisitorSales.Hit hit = hits.get(i);
                if (hit.figure() != figure || hit.segment() != segment) {
                    continue;
                }
                if (hit.value().equals(value) && (currency == null || currency.equals(hit.currency()))) {
                    // An event before the last hit can only follow a restart that forgot how far time had come.
                    hits.set(i, late || pane < hit.pane() ? hitLate(hit) : hitAgain(hit));
                    return;
                }
                known++;
                if (oldest < 0 || hit.pane() < hits.get(oldest).pane()) {
                    oldest = i;
                }
            }
            if (known >= MAX_VALUES) {
                hits.remove(oldest);
            }
            add(figure, segment, value, currency, 1);
            hits.add(new VisitorSales.Hit(
                    figure,
                    segment,
                    value,
                    currency,
                    late ? VisitorSales.NEVER : pane,
                    late ? dayEnd : VisitorSales.NEVER));
        }

        private VisitorSales.Hit hitAgain(VisitorSales.Hit hit) {
            if (hit.pane() == pane) {
                return hit;
            }
            boolean newToday = hit.pane() < dayStart && hit.lateDay() != dayEnd;
            boolean slides = hit.pane() != VisitorSales.NEVER && pane - hit.pane() < Window.LONGEST_PANES;
            if (newToday && !slides) {
                ledger.add(hit.figure(), hit.segment(), hit.value(), hit.currency(), pane, 1);
            } else {
                long previous = slides ? hit.pane() : VisitorSales.NEVER;
                ledger.move(hit.figure(), hit.segment(), hit.value(), hit.currency(), pane, previous);
                if (newToday) {
                    ledger.addToday(hit.figure(), hit.segment(), hit.value(), hit.currency(), pane, 1);
                }
            }
            return new VisitorSales.Hit(hit.figure(), hit.segment(), hit.value(), hit.currency(), pane, hit.lateDay());
        }

        private VisitorSales.Hit hitLate(VisitorSales.Hit hit) {
            boolean counted = (hit.pane() >= dayStart && hit.pane() < dayEnd) || hit.lateDay() == dayEnd;
            if (counted) {
                return hit;
            }
            ledger.addToday(hit.figure(), hit.segment(), hit.value(), hit.currency(), pane, 1);
            return new VisitorSales.Hit(hit.figure(), hit.segment(), hit.value(), hit.currency(), hit.pane(), dayEnd);
        }
    }
}
