package io.shopwatch.job.inventory;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Money;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.inventory.StockChange;
import io.shopwatch.domain.inventory.StockFigures;
import io.shopwatch.domain.inventory.StockLevel;
import io.shopwatch.domain.inventory.StockMemory;
import io.shopwatch.job.common.OrderedFunction;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.InventoryResult;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/** Keeps the stock of each SKU in each warehouse and emits its figures when due. Keyed by SKU and warehouse. */
final class StockLevelFunction extends OrderedFunction<StockChange, InventoryResult> {

    private static final long serialVersionUID = 1;

    private final StockLevels levels;
    private final long dedupTtl;
    private final String defaultCurrency;

    private transient ValueState<StockMemory> memories;
    private transient ValueState<Wake> wakes;
    private transient MapState<String, Long> seen;
    private transient StoredHistory history;

    /**
     * When this key has to be looked at again, epoch milliseconds; {@link StockMemory#NEVER} for not at all.
     *
     * @param timer the registered timer
     * @param forgetIds when remembered event ids are gone through
     */
    public record Wake(long timer, long forgetIds) {}

    StockLevelFunction(Settings settings) {
        levels = new StockLevels(settings.inventory());
        dedupTtl = settings.events().dedupTtl().toMillis();
        defaultCurrency = settings.shop().currency();
    }

    @Override
    public void open(OpenContext context) {
        // All four end together, when the SKU is forgotten; ids and history lose their old entries on the way.
        memories = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("level", TypeInformation.of(StockMemory.class)));
        wakes = getRuntimeContext().getState(new ValueStateDescriptor<>("wake", TypeInformation.of(Wake.class)));
        seen = getRuntimeContext().getMapState(new MapStateDescriptor<>("seen", Types.STRING, Types.LONG));
        history = new StoredHistory(getRuntimeContext());
    }

    @Override
    public long timeOf(StockChange change) {
        return change.known();
    }

    @Override
    public Comparator<StockChange> order() {
        return StockChange.ORDER;
    }

    @Override
    public EventStream countedAs(StockChange change) {
        return change.kind() == StockChange.Kind.ORDER ? null : EventStream.STOCK;
    }

    @Override
    public void onInstant(List<StockChange> sameInstant, Context<InventoryResult> context) throws Exception {
        StockMemory memory = memory();
        Wake wake = wake();
        StockLevel level =
                levels.of(sameInstant.get(0).sku(), sameInstant.get(0).warehouse());
        long time = sameInstant.get(0).known();
        level.settle(memory, history, time, figures -> context.collect(result(figures)));
        for (StockChange change : sameInstant) {
            wake = take(change, memory, wake, level, context);
        }
        store(memory, wake, level, context);
    }

    @Override
    public void onLate(StockChange change, Context<InventoryResult> context) throws Exception {
        StockMemory memory = memory();
        StockLevel level = levels.of(change.sku(), change.warehouse());
        Wake wake = take(change, memory, wake(), level, context);
        store(memory, wake, level, context);
    }

    private Wake take(
            StockChange change, StockMemory memory, Wake wake, StockLevel level, Context<InventoryResult> context)
            throws Exception {
        if (change.kind() == StockChange.Kind.ORDER) {
            level.apply(memory, history, change, context.watermark());
            return wake;
        }
        long now = Math.max(change.known(), context.watermark());
        Long until = seen.get(change.eventId());
        if (until != null && until > now) {
            context.countDuplicate(EventStream.STOCK);
            return wake;
        }
        seen.put(change.eventId(), now + dedupTtl);
        level.apply(memory, history, change, context.watermark());
        return wake.forgetIds() == StockMemory.NEVER ? new Wake(wake.timer(), now + dedupTtl) : wake;
    }

    @Override
    public void onTimer(long time, Context<InventoryResult> context) throws Exception {
        StockMemory memory = memories.value();
        // The watermark of the end of a bounded run only says that nothing follows: time does not go on.
        if (memory == null || context.watermark() == Long.MAX_VALUE) {
            return;
        }
        long now = context.watermark() + 1;
        StockLevel level = levels.of(memory.sku, memory.warehouse);
        level.settle(memory, history, now, figures -> context.collect(result(figures)));
        Wake wake = forgetIds(wake(), now);
        if (level.isForgotten(memory, now)) {
            memories.clear();
            wakes.clear();
            seen.clear();
            history.clear();
            return;
        }
        store(memory, wake, level, context);
    }

    private Wake forgetIds(Wake wake, long now) throws Exception {
        if (wake.forgetIds() == StockMemory.NEVER || wake.forgetIds() > now) {
            return wake;
        }
        boolean left = false;
        for (Iterator<Map.Entry<String, Long>> ids = seen.iterator(); ids.hasNext(); ) {
            if (ids.next().getValue() <= now) {
                ids.remove();
            } else {
                left = true;
            }
        }
        if (!left) {
            // An emptied map would still take its place in the state.
            seen.clear();
        }
        return new Wake(wake.timer(), left ? now + dedupTtl : StockMemory.NEVER);
    }

    private void store(StockMemory memory, Wake wake, StockLevel level, Context<InventoryResult> context)
            throws Exception {
        memories.update(memory);
        long due = level.nextDue(memory, context.watermark() + 1);
        if (wake.forgetIds() != StockMemory.NEVER) {
            due = due == StockMemory.NEVER ? wake.forgetIds() : Math.min(due, wake.forgetIds());
        }
        // All before a due time is in once the watermark has reached the millisecond before it.
        long timer = due == StockMemory.NEVER ? StockMemory.NEVER : due - 1;
        if (timer != wake.timer()) {
            if (wake.timer() != StockMemory.NEVER) {
                context.deleteTimer(wake.timer());
            }
            if (timer != StockMemory.NEVER) {
                context.registerTimer(timer);
            }
        }
        wakes.update(new Wake(timer, wake.forgetIds()));
    }

    private StockMemory memory() throws Exception {
        StockMemory memory = memories.value();
        return memory == null ? new StockMemory() : memory;
    }

    private Wake wake() throws Exception {
        Wake wake = wakes.value();
        return wake == null ? new Wake(StockMemory.NEVER, StockMemory.NEVER) : wake;
    }

    private InventoryResult result(StockFigures figures) {
        return new InventoryResult(
                figures.sku(),
                figures.warehouse(),
                figures.category() == null ? Segment.UNKNOWN : figures.category(),
                figures.time(),
                figures.onHand(),
                figures.reserved(),
                figures.available(),
                figures.velocityPerHour(),
                figures.coverSeconds(),
                figures.safetyStock(),
                figures.reorderPoint(),
                figures.state().wireName(),
                figures.unitPrice() == null ? null : Money.toString(figures.unitPrice()),
                figures.unitPrice() == null || figures.currency() != null ? figures.currency() : defaultCurrency,
                figures.velocityAtStockOut(),
                figures.recentSales(),
                figures.lastReceived());
    }
}
