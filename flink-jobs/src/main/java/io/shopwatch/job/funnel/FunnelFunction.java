package io.shopwatch.job.funnel;

import io.shopwatch.domain.event.EventOrder;
import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.event.Vocabulary;
import io.shopwatch.domain.funnel.FunnelCodec;
import io.shopwatch.domain.funnel.FunnelPlan;
import io.shopwatch.domain.funnel.FunnelState;
import io.shopwatch.domain.funnel.VisitorFunnels;
import io.shopwatch.domain.window.Scope;
import io.shopwatch.domain.window.SeriesChange;
import io.shopwatch.domain.window.SeriesChanges;
import io.shopwatch.domain.window.Window;
import io.shopwatch.job.common.KeyedBytes;
import io.shopwatch.job.common.OrderedFunction;
import io.shopwatch.job.common.PackedEvent;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;

/** Keeps a {@link FunnelState} per visitor and emits who counts anew, added up by second. Late events stay out of funnels. */
final class FunnelFunction extends OrderedFunction<PackedEvent, SeriesChange> {

    private static final long serialVersionUID = 1;

    private final FunnelPlan plan;
    private final ZoneId zone;

    private final PackedEvent.Packer packer = new PackedEvent.Packer();

    private transient VisitorFunnels funnels;

    /** Emitted when their second is over, and before checkpoints: no state. */
    private transient SeriesChanges changes;

    private transient FunnelCodec codec;

    /** What {@link FunnelCodec} writes; ends when it is woken at {@link VisitorFunnels#expiry}. */
    private transient KeyedBytes visitors;

    private transient List<ShopEvent> relevant;

    FunnelFunction(FunnelPlan plan, ZoneId zone) {
        this.plan = plan;
        this.zone = zone;
    }

    @Override
    public void open(OpenContext context) throws Exception {
        funnels = new VisitorFunnels(plan, zone);
        codec = new FunnelCodec(plan);
        changes = new SeriesChanges();
        relevant = new ArrayList<>();
        visitors = bytes("visitor");
    }

    @Override
    public long timeOf(PackedEvent event) {
        return event.time();
    }

    @Override
    public Comparator<PackedEvent> order() {
        return packer.by(EventOrder.WITHIN_INSTANT);
    }

    @Override
    public EventStream countedAs(PackedEvent event) {
        // Orders were counted where their duplicates were found.
        return event.stream() == EventStream.ORDERS ? null : event.stream();
    }

    @Override
    public void onInstant(List<PackedEvent> sameInstant, Context<SeriesChange> context) throws Exception {
        relevant.clear();
        for (PackedEvent event : sameInstant) {
            if (plan.uses(event.type())) {
                relevant.add(packer.unpack(event));
            }
        }
        if (relevant.isEmpty()) {
            return;
        }
        Vocabulary known = words().of(context.keyGroup());
        FunnelState visitor = visitors.find() ? codec.read(visitors.array(), visitors.offset(), known) : null;
        if (visitor == null || visitor.plan != plan.fingerprint()) {
            long timer = visitor == null ? FunnelState.NONE : visitor.timer;
            visitor = funnels.newState(); // unknown, or known under other funnels
            visitor.timer = timer;
        }
        funnels.onInstant(
                visitor,
                relevant,
                (f, k, segment, value, pane, previous) ->
                        changes.add(plan.seriesName(f), segment, value, null, k, pane, previous, 1, Scope.BOTH));
        if (visitor.lastHit == FunnelState.NONE) {
            return; // an order without a view before it leaves no trace
        }
        if (visitor.timer == FunnelState.NONE) {
            visitor.timer = funnels.expiry(visitor);
            context.wakeAt(visitor.timer);
        }
        visitors.write(codec.write(visitor, known, relevant.get(0).time()));
    }

    @Override
    public void onLate(PackedEvent event, Context<SeriesChange> context) {
        // Counted by the operator; a late event changes no funnel.
    }

    @Override
    public void onTimer(long time, Context<SeriesChange> context) throws Exception {
        if (!visitors.find()) {
            return;
        }
        Vocabulary known = words().of(context.keyGroup());
        FunnelState visitor = codec.read(visitors.array(), visitors.offset(), known);
        if (visitor.timer != time) {
            return;
        }
        long expiry = visitor.plan == plan.fingerprint() ? funnels.expiry(visitor) : time;
        if (expiry <= time) {
            visitors.clear();
            return;
        }
        funnels.prune(visitor, time);
        visitor.timer = expiry;
        context.wakeAt(expiry);
        visitors.write(codec.write(visitor, known, time));
    }

    @Override
    public void onReached(long time, Context<SeriesChange> context) {
        changes.drain(Window.panesBefore(time), context::collect);
        words().forget(time, funnels.longestLife());
    }

    @Override
    public void beforeCheckpoint(Context<SeriesChange> context) {
        changes.drain(Long.MAX_VALUE, context::collect);
    }
}
