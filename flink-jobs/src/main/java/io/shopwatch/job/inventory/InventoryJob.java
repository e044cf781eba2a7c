package io.shopwatch.job.inventory;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.inventory.StockChange;
import io.shopwatch.job.common.JobResults;
import io.shopwatch.job.common.OrderedOperator;
import io.shopwatch.job.common.ResultTypes;
import io.shopwatch.job.common.ShopStreams;
import io.shopwatch.job.common.Tally;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.Keys;
import java.util.EnumSet;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Stock of every SKU in every warehouse.
 *
 * <pre>
 *   orders ─(order)─► reserve and release ──┐
 *                                           ├─(SKU, warehouse)─► keep stock levels ──► inventory
 *   stock ──────────► as changes ───────────┘
 * </pre>
 */
public final class InventoryJob {

    /** Name of the job. */
    public static final String NAME = "inventory";

    private InventoryJob() {}

    /** Builds the job on its inputs. */
    public static JobResults<InventoryResult> build(ShopStreams shop, Settings settings) {
        SingleOutputStreamOperator<StockChange> reservations = reserve(shop, settings);
        SingleOutputStreamOperator<InventoryResult> results =
                keepLevels(reservations.union(stockChanges(shop)), settings);
        DataStream<Tally> tallies = shop.tallies()
                .union(
                        reservations.getSideOutput(OrderedOperator.TALLIES),
                        results.getSideOutput(OrderedOperator.TALLIES));
        return new JobResults<>(results, tallies);
    }

    private static SingleOutputStreamOperator<StockChange> reserve(ShopStreams shop, Settings settings) {
        return OrderedOperator.apply(
                        shop.eventsOf(EnumSet.of(EventStream.ORDERS), "inventory-orders-v1")
                                .keyBy(ShopEvent::orderId),
                        new ReservationFunction(settings),
                        TypeInformation.of(StockChange.class))
                .name("Reserve and release what orders ask for")
                .uid("inventory-reservations-v5");
    }

    private static DataStream<StockChange> stockChanges(ShopStreams shop) {
        DataStream<ShopEvent> stock = shop.eventsOf(EnumSet.of(EventStream.STOCK), "inventory-stock-v1");
        return stock.map(StockChange::of)
                .returns(StockChange.class)
                .setParallelism(stock.getParallelism())
                .name("Take stock events as changes")
                .uid("inventory-stock-changes-v1");
    }

    private static SingleOutputStreamOperator<InventoryResult> keepLevels(
            DataStream<StockChange> changes, Settings settings) {
        return OrderedOperator.apply(
                        changes.keyBy(change -> Keys.of(change.sku(), change.warehouse())),
                        new StockLevelFunction(settings),
                        ResultTypes.INVENTORY)
                .name("Keep stock levels")
                .uid("inventory-levels-v2");
    }
}
