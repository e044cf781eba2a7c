package io.shopwatch.job.sales;

import io.shopwatch.domain.event.EventOrder;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Segment;
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
import io.shopwatch.job.common.OrderedFunction;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * Turns the events of a visitor into changes of sales figures by {@link VisitorRules}. Counts the streams of clicks and
 * carts; orders have been counted before.
 *
 * <p>State per visitor ends with the last window or day that counts the visitor, and the end of the cart.
 */
final class VisitorSalesFunction extends OrderedFunction<SalesEvent, SeriesChange> {
    private static final long serialVersionUID = 1;

    private final VisitorRules rules;
    private transient ValueState<VisitorState> visitors;

    /** Emitted when their second is over, and before checkpoints: no state. */
    private transient SeriesChanges changes;

    private transient SalesLedger ledger;

    VisitorSalesFunction(VisitorRules rules) {
        this.rules = rules;
    }

    @Override
    public void open(OpenContext context) {
        changes = new SeriesChanges();
        ledger = new Ledger(changes);
        // Ends by its timer: see keep.
        visitors = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("visitor", TypeInformation.of(VisitorState.class)));
    }

    @Override
    public long timeOf(SalesEvent element) {
        return element.takenAt();
    }

    @Override
    public Comparator<SalesEvent> order() {
        return Comparator.comparing(SalesEvent::event, EventOrder.WITHIN_INSTANT)
                .thenComparing(SalesEvent::late);
    }

    @Override
    public EventStream countedAs(SalesEvent element) {
        EventStream stream = element.event().stream();
        return stream == EventStream.ORDERS ? null : stream;
    }

    @Override
    public void onInstant(List<SalesEvent> sameInstant, Context<SeriesChange> context) throws Exception {
        VisitorState state = read();
        VisitorSales sales = state.sales();
        for (SalesEvent element : sameInstant) {
            sales = element.late()
                    ? rules.late(sales, element.event(), element.takenAt() - 1, ledger)
                    : rules.onTime(sales, element.event(), ledger);
        }
        keep(new VisitorState(sales, state.timer()), context);
    }

    @Override
    public void onLate(SalesEvent element, Context<SeriesChange> context) throws Exception {
        VisitorState state = read();
        VisitorSales sales = rules.late(state.sales(), element.event(), context.watermark(), ledger);
        keep(new VisitorState(sales, state.timer()), context);
    }

    @Override
    public void onTimer(long time, Context<SeriesChange> context) throws Exception {
        VisitorState state = visitors.value();
        if (state != null) {
            long timer = state.timer() <= time ? VisitorSales.NEVER : state.timer();
            keep(new VisitorState(rules.settle(state.sales(), time, ledger), timer), context);
        }
    }

    @Override
    public void onReached(long time, Context<SeriesChange> context) {
        changes.drain(Window.panesBefore(time), context::collect);
    }

    @Override
    public void beforeCheckpoint(Context<SeriesChange> context) {
        changes.drain(Long.MAX_VALUE, context::collect);
    }

    private VisitorState read() throws Exception {
        VisitorState state = visitors.value();
        return state == null ? VisitorState.NEW : state;
    }

    private void keep(VisitorState state, Context<SeriesChange> context) throws Exception {
        if (state.sales().isEmpty()) {
            visitors.clear();
            return;
        }
        // Lazily: a timer that comes too early looks again, so a visitor has hardly ever more than two.
        long due = rules.due(state.sales());
        long timer = state.timer();
        if (timer == VisitorSales.NEVER || due < timer) {
            context.registerTimer(due);
            timer = due;
        }
        visitors.update(new VisitorState(state.sales(), timer));
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
