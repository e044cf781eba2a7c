package io.shopwatch.job.inventory;

import static org.apache.flink.types.PojoTestUtils.assertSerializedAsPojoWithoutKryo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.Item;
import io.shopwatch.domain.event.Outcome;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.inventory.StockChange;
import io.shopwatch.domain.inventory.StockMemory;
import io.shopwatch.job.common.Ingested;
import io.shopwatch.job.common.JobResults;
import io.shopwatch.job.common.ShopStreams;
import io.shopwatch.settings.Settings;
import io.shopwatch.settings.Settings.CommitOn;
import io.shopwatch.settings.Settings.SkuSettings;
import io.shopwatch.wire.InventoryResult;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class InventoryJobTest {
    private static final long SECOND = 1000;
    private static final long DAY = 24 * 3600 * SECOND;
    private static final long START = 1_700_000_000_000L;

    private static Settings settings(SkuSettings... skus) {
        return InventorySettings.with(CommitOn.SHIPPED, Duration.ofHours(1), Duration.ofHours(1), skus);
    }

    private static ShopEvent order(EventType type, long time, Item... items) {
        return ShopEvent.builder(type, type + "@" + time, START + time)
                .order("order")
                .visitor("visitor")
                .items(items.length == 0 ? null : List.of(items))
                .build();
    }

    private static ShopEvent stock(EventType type, long time, long quantity) {
        return ShopEvent.builder(type, type + "@" + time, START + time)
                .sku("a")
                .warehouse("default")
                .quantity(quantity)
                .build();
    }

    private static Item item(long quantity) {
        return new Item("a", "shoes", quantity, 99_500, "default");
    }

    @Test
    void anOrderReservesAndLeaves() throws Exception {
        try (InventoryPipeline pipeline = new InventoryPipeline(settings())) {
            pipeline.take(stock(EventType.COUNTED, 0, 10));
            pipeline.take(order(EventType.PLACED, 1500, item(3)));
            pipeline.take(order(EventType.SHIPPED, 5000));
            pipeline.watermark(START + 10_000);

            assertThat(pipeline.rows())
                    .extracting(InventoryResult::time, InventoryResult::onHand, InventoryResult::reserved)
                    .startsWith(
                            tuple(START + 1000, 10L, 0L),
                            tuple(START + 2000, 10L, 3L),
                            // 10 − 3 on hand, 3 − 3 reserved
                            tuple(START + 6000, 7L, 0L));
            InventoryResult last = pipeline.last("a");
            assertThat(last.category()).isEqualTo("shoes");
            assertThat(last.unitPrice()).isEqualTo("9.95");
            assertThat(last.currency()).isEqualTo("USD");
        }
    }

    @Test
    void aRowWaitsForTheWatermark() throws Exception {
        try (InventoryPipeline pipeline = new InventoryPipeline(settings())) {
            pipeline.take(stock(EventType.COUNTED, 0, 10));
            pipeline.watermark(START + 998);
            assertThat(pipeline.rows()).isEmpty();
            pipeline.watermark(START + 999);
            assertThat(pipeline.rows()).hasSize(1);
        }
    }

    @Test
    void whatTheWatermarkHasNotPassedIsInNoRow() throws Exception {
        try (InventoryPipeline pipeline = new InventoryPipeline(settings())) {
            pipeline.take(stock(EventType.RECEIVED, 1000, 5));
            pipeline.take(stock(EventType.COUNTED, 999, 10));
            pipeline.watermark(START + 999);
            assertThat(pipeline.last("a").onHand()).isEqualTo(10);
            pipeline.watermark(START + 1999);
            assertThat(pipeline.last("a").onHand()).isEqualTo(15);
        }
    }

    @Test
    void lateEventsShowInTheNextRowAndAreCounted() throws Exception {
        try (InventoryPipeline pipeline = new InventoryPipeline(settings())) {
            pipeline.take(stock(EventType.COUNTED, 0, 10));
            pipeline.watermark(START + 5499);
            pipeline.take(order(EventType.PLACED, 1500, item(3)));
            pipeline.take(stock(EventType.RECEIVED, 2000, 5));
            pipeline.watermark(START + 5998);
            assertThat(pipeline.rows()).hasSize(1);
            pipeline.watermark(START + 5999);

            InventoryResult last = pipeline.last("a");
            assertThat(last.time()).isEqualTo(START + 6000);
            assertThat(last.available()).isEqualTo(12); // 10 + 5 − 3
            assertThat(pipeline.count(EventStream.ORDERS, Outcome.LATE)).isEqualTo(1);
            assertThat(pipeline.count(EventStream.STOCK, Outcome.LATE)).isEqualTo(1);
            assertThat(pipeline.count(EventStream.STOCK, Outcome.ACCEPTED)).isEqualTo(1);
        }
    }

    @Test
    void eventsDeliveredTwiceChangeOnlyTheDuplicateCount() throws Exception {
        try (InventoryPipeline pipeline = new InventoryPipeline(settings())) {
            for (int i = 0; i < 2; i++) {
                pipeline.take(stock(EventType.RECEIVED, 0, 10));
                pipeline.take(order(EventType.PLACED, 500, item(3)));
            }
            pipeline.watermark(START + 60 * SECOND);
            pipeline.take(stock(EventType.RECEIVED, 0, 10));
            pipeline.take(order(EventType.PLACED, 500, item(3)));
            pipeline.watermark(START + 120 * SECOND);

            assertThat(pipeline.last("a").available()).isEqualTo(7); // 10 − 3
            for (EventStream stream : List.of(EventStream.ORDERS, EventStream.STOCK)) {
                assertThat(pipeline.count(stream, Outcome.ACCEPTED)).isEqualTo(1);
                assertThat(pipeline.count(stream, Outcome.DUPLICATE)).isEqualTo(2);
                assertThat(pipeline.count(stream, Outcome.LATE)).isZero();
            }
        }
    }

    @Test
    void stockEventIdsAreForgottenAfterTheirTime() throws Exception {
        try (InventoryPipeline pipeline = new InventoryPipeline(settings())) {
            pipeline.take(stock(EventType.COUNTED, 0, 0));
            pipeline.take(stock(EventType.RECEIVED, 10, 10));
            pipeline.watermark(START + 3000 * SECOND);
            pipeline.take(stock(EventType.ADJUSTED, 3001 * SECOND, 1));
            int withIds = pipeline.stateEntries();
            pipeline.watermark(START + 8000 * SECOND);
            // three ids gone; the level, its wake, its movements remain
            assertThat(pipeline.stateEntries()).isLessThan(withIds);
            assertThat(pipeline.last("a").onHand()).isEqualTo(11);
        }
    }

    @Test
    void theEndOfABoundedRunLetsNoTimePass() throws Exception {
        try (InventoryPipeline pipeline = new InventoryPipeline(settings())) {
            pipeline.take(stock(EventType.COUNTED, 0, 10));
            pipeline.take(order(EventType.PLACED, 1500, item(3)));
            pipeline.watermark(START + 1999);
            int rows = pipeline.rows().size();
            pipeline.watermark(Long.MAX_VALUE);
            assertThat(pipeline.rows()).hasSize(rows);
        }
    }

    @Test
    void nothingIsLeftWhenEverythingHasEnded() throws Exception {
        try (InventoryPipeline pipeline = new InventoryPipeline(settings())) {
            pipeline.take(stock(EventType.COUNTED, 0, 3));
            pipeline.take(stock(EventType.RECEIVED, 10, 1));
            pipeline.take(stock(EventType.ADJUSTED, 20, -1));
            pipeline.take(order(EventType.PLACED, 1500, item(3)));
            pipeline.watermark(START + 10 * SECOND);
            pipeline.take(order(EventType.PAID, 15_000));
            pipeline.take(order(EventType.SHIPPED, 20_000));
            pipeline.watermark(START + 29 * DAY);
            assertThat(pipeline.stateEntries()).isPositive();
            // The order ends after 30 days without an event, the empty and unheard-of SKU after 90.
            pipeline.watermark(START + 91 * DAY);

            assertThat(pipeline.stateEntries()).isZero();
            assertThat(pipeline.timers()).isZero();
        }
    }

    @Test
    void whatIsOnTheShelfIsRememberedWithoutATimerThatNeverEnds() throws Exception {
        try (InventoryPipeline pipeline = new InventoryPipeline(settings())) {
            pipeline.take(stock(EventType.COUNTED, 0, 3));
            pipeline.watermark(START + 200 * DAY);

            assertThat(pipeline.stateEntries()).isPositive();
            assertThat(pipeline.timers()).isZero();
            pipeline.take(stock(EventType.ADJUSTED, 200 * DAY + 5 * SECOND, -3));
            pipeline.watermark(START + 291 * DAY);
            assertThat(pipeline.stateEntries()).isZero();
        }
    }

    @Test
    void aSkuMayHaveRulesOfItsOwn() throws Exception {
        SkuSettings anywhere = new SkuSettings("a", null, null, null, null, 50L);
        SkuSettings here = new SkuSettings("a", "default", null, null, null, 5L);
        for (SkuSettings[] skus : List.of(new SkuSettings[] {anywhere}, new SkuSettings[] {anywhere, here})) {
            try (InventoryPipeline pipeline = new InventoryPipeline(settings(skus))) {
                pipeline.take(stock(EventType.COUNTED, 0, 10));
                pipeline.watermark(START + SECOND);
                assertThat(pipeline.last("a").state()).isEqualTo(skus.length == 1 ? "low" : "in_stock");
            }
        }
    }

    @Test
    void stateAndStreamsNeedNoKryo() {
        assertSerializedAsPojoWithoutKryo(StockChange.class);
        assertSerializedAsPojoWithoutKryo(StockMemory.class);
        assertSerializedAsPojoWithoutKryo(StockLevelFunction.Wake.class);
        assertSerializedAsPojoWithoutKryo(InventoryResult.class);
    }

    @Test
    void everyOperatorHasANameAndAUid() {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        var records = env.fromData(Ingested.class, Ingested.of(stock(EventType.COUNTED, 0, 1)))
                .uid("records");
        JobResults<InventoryResult> results = InventoryJob.build(ShopStreams.recorded(records), settings());
        results.results().sinkTo(new DiscardingSink<>()).uid("results");
        results.tallies().sinkTo(new DiscardingSink<>()).uid("tallies");

        var graph = env.getStreamGraph();
        assertThat(graph.getStreamNodes())
                .extracting(StreamNode::getTransformationUID)
                .contains("inventory-orders-v1", "inventory-stock-v1")
                .contains("inventory-reservations-v5", "inventory-stock-changes-v1", "inventory-levels-v2");
        assertThat(graph.getJobGraph().getVertices()).isNotEmpty();
    }
}
