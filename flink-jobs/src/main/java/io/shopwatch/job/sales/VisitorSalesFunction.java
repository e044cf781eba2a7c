package io.shopwatch.job.sales;

import io.shopwatch.domain.event.EventOrder;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.event.Vocabulary;
import io.shopwatch.domain.sales.SalesFigure;
import io.shopwatch.domain.sales.SalesLedger;
import io.shopwatch.domain.sales.SalesRow;
import io.shopwatch.domain.sales.VisitorRules;
import io.shopwatch.domain.sales.VisitorSales;
import io.shopwatch.domain.window.Scope;
import io.shopwatch.domain.window.SeriesChange;
import io.shopwatch.domain.window.SeriesChanges;
import io.shopwatch.domain.window.SlidingSums;
import io.shopwatch.domain.window.Window;
import io.shopwatch.job.common.KeyedBytes;
import io.shopwatch.job.common.OrderedFunction;
import io.shopwatch.job.common.PackedEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;

/**
 * Turns the events of a visitor into changes of sales figures by {@link VisitorRules}. Counts the streams of clicks and
 * carts; orders have been counted before.
 *
 * <p>State per visitor ends with the last window or day that counts the visitor, and the end of the cart.
 */
final class VisitorSalesFunction extends OrderedFunction<SalesEvent, SeriesChange> {
    private static final long serialVersionUID = 1;

    private static final long SECOND = 1000;
    private static final long MINUTE = 60_000;

    /** A visitor is forgotten at most so long after what was last kept: a day has 26 hours at most. */
    private static final long LONGEST_LIFE_MILLIS =
            Duration.ofHours(26).toMillis() + Window.LONGEST_PANES * Window.SLIDE_MILLIS + MINUTE;

    private final VisitorRules rules;

    private final PackedEvent.Packer packer = new PackedEvent.Packer();

    /** What {@link VisitorCodec} writes; ends when it is woken, see {@link #keep}. */
    private transient KeyedBytes visitors;

    /** Emitted when their second is over, and before checkpoints: no state. */
    private transient SeriesChanges changes;

    private transient SalesLedger ledger;
    private transient VisitorCodec codec;

    VisitorSalesFunction(VisitorRules rules) {
        this.rules = rules;
    }

    @Override
    public void open(OpenContext context) throws Exception {
        changes = new SeriesChanges();
        ledger = new Ledger(changes);
        codec = new VisitorCodec();
        visitors = bytes("visitor");
    }

    @Override
    public long timeOf(SalesEvent element) {
        return element.takenAt();
    }

    @Override
    public Comparator<SalesEvent> order() {
        return Comparator.comparing(SalesEvent::event, packer.by(EventOrder.WITHIN_INSTANT))
                .thenComparing(element -> element.late());
    }

    @Override
    public EventStream countedAs(SalesEvent element) {
        EventStream stream = element.event().stream();
        return stream == EventStream.ORDERS ? null : stream;
    }

    @Override
    public void onInstant(List<SalesEvent> sameInstant, Context<SeriesChange> context) throws Exception {
        Vocabulary known = words().of(context.keyGroup());
        VisitorState state = find(known);
        VisitorSales sales = state.sales();
        for (SalesEvent element : sameInstant) {
            ShopEvent event = packer.unpack(element.event());
            sales = element.late()
                    ? rules.late(sales, event, element.takenAt() - 1, ledger)
                    : rules.onTime(sales, event, ledger);
        }
        keep(state.with(sales), known, sameInstant.get(0).takenAt(), context);
    }

    @Override
    public void onLate(SalesEvent element, Context<SeriesChange> context) throws Exception {
        Vocabulary known = words().of(context.keyGroup());
        VisitorState state = find(known);
        long now = context.watermark();
        VisitorSales sales = rules.late(state.sales(), packer.unpack(element.event()), now, ledger);
        keep(state.with(sales), known, now, context);
    }

    @Override
    public void onTimer(long time, Context<SeriesChange> context) throws Exception {
        Vocabulary known = words().of(context.keyGroup());
        VisitorState state = find(known);
        if (time != state.cartTimer() && time != state.hitsTimer()) {
            return;
        }
        VisitorState woken = new VisitorState(
                rules.settle(state.sales(), time, ledger),
                time == state.cartTimer() ? VisitorSales.NEVER : state.cartTimer(),
                time == state.hitsTimer() ? VisitorSales.NEVER : state.hitsTimer());
        keep(woken, known, time, context);
    }

    @Override
    public void onReached(long time, Context<SeriesChange> context) {
        changes.drain(Window.panesBefore(time), context::collect);
        words().forget(time, LONGEST_LIFE_MILLIS);
    }

    @Override
    public void beforeCheckpoint(Context<SeriesChange> context) {
        changes.drain(Long.MAX_VALUE, context::collect);
    }

    private VisitorState find(Vocabulary known) throws IOException {
        return visitors.find() ? codec.read(visitors.array(), visitors.offset(), known) : VisitorState.NEW;
    }

    private void keep(VisitorState state, Vocabulary known, long time, Context<SeriesChange> context) throws Exception {
        VisitorSales sales = state.sales();
        if (sales.isEmpty()) {
            visitors.clear();
            return;
        }
        // Both only move later, and who is woken too early looks again: one of each is enough. Rounded, so that they
        // fall together with others': a cart's to the end of its second, in which it is reported.
        long cartTimer = state.cartTimer();
        if (cartTimer == VisitorSales.NEVER && sales.cart() != null) {
            cartTimer = Math.floorDiv(rules.leftAt(sales.cart()), SECOND) * SECOND + SECOND - 1;
            context.wakeAt(cartTimer);
        }
        long hitsTimer = state.hitsTimer();
        if (hitsTimer == VisitorSales.NEVER && !sales.hits().isEmpty()) {
            hitsTimer = Window.upToMinute(rules.forgottenAt(sales.hits()));
            context.wakeAt(hitsTimer);
        }
        visitors.write(codec.write(new VisitorState(sales, cartTimer, hitsTimer), known, time));
    }

    /** A ledger whose entries go to the sliding windows. */
    private record Ledger(SeriesChanges changes) implements SalesLedger {

        @Override
        public void add(SalesFigure figure, Segment segment, String value, String currency, long pane, long amount) {
            emit(figure, segment, value, currency, pane, SlidingSums.NONE, amount, Scope.BOTH);
        }

        @Override
        public void move(SalesFigure figure, Segment segment, String value, String currency, long pane, long previous) {
            emit(
                    figure,
                    segment,
                    value,
                    currency,
                    pane,
                    previous == VisitorSales.NEVER ? SlidingSums.NONE : previous,
                    1,
                    Scope.SLIDING);
        }

        @Override
        public void addToday(
                SalesFigure figure, Segment segment, String value, String currency, long pane, long amount) {
            emit(figure, segment, value, currency, pane, SlidingSums.NONE, amount, Scope.TODAY);
        }

        private void emit(
                SalesFigure figure,
                Segment segment,
                String value,
                String currency,
                long pane,
                long previous,
                long amount,
                Scope scope) {
            changes.add(SalesRow.SERIES, segment, value, currency, figure.ordinal(), pane, previous, amount, scope);
        }
    }
}
