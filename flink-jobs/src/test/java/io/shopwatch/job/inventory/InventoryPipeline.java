package io.shopwatch.job.inventory;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Outcome;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.inventory.StockChange;
import io.shopwatch.job.common.OrderedOperator;
import io.shopwatch.job.common.Tally;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** The two operators of the job, one after the other, in harnesses. */
final class InventoryPipeline implements AutoCloseable {
    private final Settings settings;
    private KeyedOneInputStreamOperatorTestHarness<String, ShopEvent, StockChange> orders;
    private KeyedOneInputStreamOperatorTestHarness<String, StockChange, InventoryResult> levels;
    private final List<InventoryResult> rows = new ArrayList<>();
    private final Map<String, Long> tallies = new TreeMap<>();

    InventoryPipeline(Settings settings) throws Exception {
        this.settings = settings;
        create();
        orders.open();
        levels.open();
    }

    private void create() throws Exception {
        SerializerConfigImpl config = new SerializerConfigImpl();
        config.setGenericTypes(false);
        orders = new KeyedOneInputStreamOperatorTestHarness<>(
                OrderedOperator.of(
                        new ReservationFunction(settings),
                        TypeInformation.of(ShopEvent.class).createSerializer(config),
                        ShopEvent::orderId),
                ShopEvent::orderId,
                Types.STRING);
        levels = new KeyedOneInputStreamOperatorTestHarness<>(
                OrderedOperator.of(
                        new StockLevelFunction(settings),
                        TypeInformation.of(StockChange.class).createSerializer(config),
                        change -> Keys.of(change.sku(), change.warehouse())),
                change -> Keys.of(change.sku(), change.warehouse()),
                Types.STRING);
        orders.setup(TypeInformation.of(StockChange.class).createSerializer(config));
        levels.setup(TypeInformation.of(InventoryResult.class).createSerializer(config));
    }

    void take(ShopEvent event) throws Exception {
        if (event.stream() == EventStream.ORDERS) {
            orders.processElement(new StreamRecord<>(event, event.time()));
        } else {
            levels.processElement(new StreamRecord<>(StockChange.of(event), event.time()));
        }
        forward();
    }

    void watermark(long watermark) throws Exception {
        orders.processWatermark(new Watermark(watermark));
        forward();
        levels.processWatermark(new Watermark(watermark));
        collect();
    }

    private void forward() throws Exception {
        for (StockChange change : orders.extractOutputValues()) {
            levels.processElement(new StreamRecord<>(change, change.known()));
        }
        orders.getOutput().clear();
        collect();
    }

    private void collect() {
        rows.addAll(levels.extractOutputValues());
        levels.getOutput().clear();
    }

    /** All rows so far. */
    List<InventoryResult> rows() {
        return rows;
    }

    /** The last row of that SKU in the warehouse {@code default}. */
    InventoryResult last(String sku) {
        return rows.stream()
                .filter(row -> row.sku().equals(sku) && row.warehouse().equals("default"))
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    /** Takes a snapshot and goes on from it with new operators. */
    void failAndRestore() throws Exception {
        orders.prepareSnapshotPreBarrier(1);
        levels.prepareSnapshotPreBarrier(1);
        OperatorSubtaskState orderState = orders.snapshot(1, 1);
        OperatorSubtaskState levelState = levels.snapshot(1, 1);
        drainTallies();
        close();
        create();
        orders.initializeState(orderState);
        levels.initializeState(levelState);
        orders.open();
        levels.open();
    }

    /** Records of a stream with an outcome. */
    long count(EventStream stream, Outcome outcome) throws Exception {
        orders.prepareSnapshotPreBarrier(2);
        levels.prepareSnapshotPreBarrier(2);
        drainTallies();
        return tallies.getOrDefault(stream + "/" + outcome, 0L);
    }

    private void drainTallies() {
        drain(orders);
        drain(levels);
    }

    private void drain(KeyedOneInputStreamOperatorTestHarness<?, ?, ?> harness) {
        var records = harness.getSideOutput(OrderedOperator.TALLIES);
        if (records == null) {
            return;
        }
        for (StreamRecord<Tally> record : records) {
            Tally tally = record.getValue();
            tallies.merge(tally.stream() + "/" + tally.outcome(), tally.count(), Long::sum);
        }
        records.clear();
    }

    int stateEntries() {
        return orders.numKeyedStateEntries() + levels.numKeyedStateEntries();
    }

    int timers() {
        return orders.numEventTimeTimers() + levels.numEventTimeTimers();
    }

    @Override
    public void close() {
        try {
            orders.close();
            levels.close();
        } catch (Exception e) {
            throw new IllegalStateException("the harness does not close", e);
        }
    }
}
