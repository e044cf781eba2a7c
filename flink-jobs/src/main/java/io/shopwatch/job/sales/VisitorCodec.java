package io.shopwatch.job.sales;

import io.shopwatch.domain.event.CompactBytes;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.event.Vocabulary;
import io.shopwatch.domain.sales.SalesFigure;
import io.shopwatch.domain.sales.VisitorSales;
import java.util.ArrayList;
import java.util.List;

/**
 * A visitor's state as bytes: three for each of the half dozen figures that count a visitor who looks at one thing after
 * the other.
 *
 * <p>Not thread-safe.
 */
final class VisitorCodec {
    private static final long NEVER = VisitorSales.NEVER;
    private static final long MINUTE = 60_000;

    // Of a visitor
    private static final int CART = 1;
    private static final int CART_TIMER = 2;
    private static final int HITS_TIMER = 4;

    // Of a hit, beside figure and segment
    private static final int IN_TIME = 1;
    private static final int LATE = 2;
    private static final int HIT_BITS = 2;

    private static final SalesFigure[] FIGURES = {
        SalesFigure.VISITORS, SalesFigure.BUYERS, SalesFigure.BUYERS_ANY_CURRENCY
    };
    private static final Segment[] SEGMENTS = Segment.values();

    private final CompactBytes bytes = new CompactBytes();

    /**
     * The state as bytes, good until the next is written or read.
     *
     * @param known numbers of words; the state can be read with them alone
     * @param time event time of the write, epoch milliseconds
     */
    CompactBytes write(VisitorState state, Vocabulary known, long time) {
        VisitorSales.Cart cart = state.sales().cart();
        bytes.write(known, time);
        bytes.writeNumber((cart == null ? 0 : CART)
                | (state.cartTimer() == NEVER ? 0 : CART_TIMER)
                | (state.hitsTimer() == NEVER ? 0 : HITS_TIMER));
        if (state.hitsTimer() != NEVER) {
            bytes.writeNumber(state.hitsTimer() / MINUTE);
            bytes.startAt(state.hitsTimer());
        }
        bytes.writeNumber(state.sales().hits().size());
        for (VisitorSales.Hit hit : state.sales().hits()) {
            write(hit);
        }
        if (cart != null) {
            bytes.writeTime(cart.last());
            bytes.writeWord(cart.channel());
            bytes.writeWord(cart.device());
            bytes.writeWord(cart.region());
            bytes.writeWord(cart.campaign());
            bytes.writeNumber(cart.categories().size());
            cart.categories().forEach(bytes::writeWord);
        }
        if (state.cartTimer() != NEVER) {
            bytes.writeTime(state.cartTimer());
        }
        return bytes;
    }

    private void write(VisitorSales.Hit hit) {
        int figure = 0;
        while (FIGURES[figure] != hit.figure()) {
            figure++;
        }
        int what = figure * SEGMENTS.length + hit.segment().ordinal();
        bytes.writeNumber(what << HIT_BITS | (hit.pane() == NEVER ? 0 : IN_TIME) | (hit.lateDay() == NEVER ? 0 : LATE));
        if (hit.segment() != Segment.ALL) {
            bytes.writeWord(hit.value());
        }
        if (hit.figure().perCurrency()) {
            bytes.writeWord(hit.currency());
        }
        if (hit.pane() != NEVER) {
            bytes.writePane(hit.pane());
        }
        if (hit.lateDay() != NEVER) {
            bytes.writePane(hit.lateDay());
        }
    }

    /**
     * The state as it was written.
     *
     * @param stored has what {@link #write} returned, as an array
     * @param offset where that begins
     * @param known what it was written with
     */
    VisitorState read(byte[] stored, int offset, Vocabulary known) {
        bytes.read(stored, offset, known);
        int there = (int) bytes.readNumber();
        long hitsTimer = NEVER;
        if ((there & HITS_TIMER) != 0) {
            hitsTimer = bytes.readNumber() * MINUTE;
            bytes.startAt(hitsTimer);
        }
        int size = (int) bytes.readNumber();
        List<VisitorSales.Hit> hits = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            hits.add(readHit());
        }
        VisitorSales.Cart cart = (there & CART) == 0 ? null : readCart();
        long cartTimer = (there & CART_TIMER) == 0 ? NEVER : bytes.readTime();
        return new VisitorState(new VisitorSales(hits, cart), cartTimer, hitsTimer);
    }

    private VisitorSales.Hit readHit() {
        int head = (int) bytes.readNumber();
        int what = head >> HIT_BITS;
        SalesFigure figure = FIGURES[what / SEGMENTS.length];
        Segment segment = SEGMENTS[what % SEGMENTS.length];
        // Arguments are read from left to right, in the order in which they were written.
        return new VisitorSales.Hit(
                figure,
                segment,
                segment == Segment.ALL ? Segment.ALL_VALUE : bytes.readWord(),
                figure.perCurrency() ? bytes.readWord() : null,
                (head & IN_TIME) == 0 ? NEVER : bytes.readPane(),
                (head & LATE) == 0 ? NEVER : bytes.readPane());
    }

    private VisitorSales.Cart readCart() {
        long last = bytes.readTime();
        String channel = bytes.readWord();
        String device = bytes.readWord();
        String region = bytes.readWord();
        String campaign = bytes.readWord();
        int size = (int) bytes.readNumber();
        List<String> categories = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            categories.add(bytes.readWord());
        }
        return new VisitorSales.Cart(last, channel, device, region, campaign, categories);
    }
}
