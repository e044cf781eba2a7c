package io.shopwatch.job.funnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.event.OrderRules;
import io.shopwatch.domain.event.Outcome;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.funnel.FunnelDefinition;
import io.shopwatch.domain.funnel.FunnelOracle;
import io.shopwatch.domain.funnel.FunnelPlan;
import io.shopwatch.domain.funnel.RandomVisits;
import io.shopwatch.domain.window.SeriesChange;
import io.shopwatch.domain.window.Window;
import io.shopwatch.job.common.EventTypes;
import io.shopwatch.job.common.OrderFacts;
import io.shopwatch.job.common.OrderedOperator;
import io.shopwatch.job.common.PackedEvent;
import io.shopwatch.job.common.SlidingWindowOperator;
import io.shopwatch.job.common.Tally;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.Keys;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** The operators of the funnel job, one after the other, fed as the job feeds them. */
class FunnelPipelineTest {
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final long START = Instant.parse("2025-11-10T15:40:00Z").toEpochMilli(); // 20 minutes to midnight
    private static final long OUT_OF_ORDERNESS = 1000;
    private static final FunnelPlan PLAN = new FunnelPlan(List.of(
            FunnelDefinition.PURCHASE,
            FunnelDefinition.BUY,
            FunnelDefinition.CHECKOUT,
            new FunnelDefinition(
                    "loose", FunnelDefinition.BUY.steps(), Duration.ofMinutes(3), FunnelDefinition.Mode.OPEN),
            new FunnelDefinition(
                    "quick",
                    List.of(
                            new FunnelDefinition.Step("pay", EventType.PAID),
                            new FunnelDefinition.Step("view", EventType.VIEW_ITEM)),
                    Duration.ofMinutes(2),
                    FunnelDefinition.Mode.CLOSED)));

    /** Orders → visitors → windows, with watermarks as a source would send them. */
    private static final class Pipeline implements AutoCloseable {
        private final PackedEvent.Packer packer = new PackedEvent.Packer();
        private final TypeSerializer<ShopEvent> serializer =
                EventTypes.SHOP_EVENT.createSerializer(new SerializerConfigImpl());
        private final KeyedOneInputStreamOperatorTestHarness<String, ShopEvent, ShopEvent> orders;
        private final KeyedOneInputStreamOperatorTestHarness<String, PackedEvent, SeriesChange> visitors;
        private final OneInputStreamOperatorTestHarness<SeriesChange, FunnelResult> windows;
        private final Map<String, TreeMap<Long, FunnelResult>> results = new HashMap<>();
        private final Map<EventStream, Map<Outcome, Long>> tallies = new HashMap<>();

        Pipeline(List<OperatorSubtaskState> state) throws Exception {
            OrderRules rules = new OrderRules(Duration.ofHours(1), Duration.ofDays(2), "USD");
            orders = new KeyedOneInputStreamOperatorTestHarness<>(
                    OrderedOperator.of(new OrderFacts(rules), serializer, ShopEvent::orderId),
                    ShopEvent::orderId,
                    EventTypes.KEY);
            visitors = new KeyedOneInputStreamOperatorTestHarness<>(
                    OrderedOperator.of(
                            new FunnelFunction(PLAN, ZONE), new PackedEvent.Serializer(), PackedEvent::visitorId),
                    PackedEvent::visitorId,
                    EventTypes.KEY);
            windows = new OneInputStreamOperatorTestHarness<>(
                    SlidingWindowOperator.of(16, ZONE, new FunnelAssembler(PLAN)));
            if (state != null) {
                orders.initializeState(state.get(0));
                visitors.initializeState(state.get(1));
                windows.initializeState(state.get(2));
            }
            orders.open();
            visitors.open();
            windows.open();
        }

        void event(ShopEvent event) throws Exception {
            if (event.stream() == EventStream.ORDERS) {
                orders.processElement(new StreamRecord<>(event, event.time()));
            } else {
                visitors.processElement(new StreamRecord<>(packer.pack(event), event.time()));
            }
        }

        void watermark(long time) throws Exception {
            orders.processWatermark(time);
            drain();
            visitors.processWatermark(time);
            drain();
            windows.processWatermark(time);
            for (FunnelResult result : windows.extractOutputValues()) {
                results.computeIfAbsent(result.key(), key -> new TreeMap<>()).put(result.end(), result);
            }
            windows.getOutput().clear();
        }

        private void drain() throws Exception {
            for (ShopEvent fact : orders.extractOutputValues()) {
                visitors.processElement(new StreamRecord<>(packer.pack(fact), fact.time()));
            }
            for (SeriesChange change : visitors.extractOutputValues()) {
                windows.processElement(new StreamRecord<>(change));
            }
            for (var harness : List.of(orders, visitors)) {
                var queue = harness.getSideOutput(OrderedOperator.TALLIES);
                if (queue != null) {
                    for (StreamRecord<Tally> tally : queue) {
                        tallies.computeIfAbsent(tally.getValue().stream(), s -> new HashMap<>())
                                .merge(
                                        tally.getValue().outcome(),
                                        tally.getValue().count(),
                                        Long::sum);
                    }
                    queue.clear();
                }
                harness.getOutput().clear();
            }
        }

        long[] visitors(String funnel, Window window, long end, Segment segment, String value, int steps) {
            var latest = results.getOrDefault(
                            Keys.of(funnel, window.wireName(), segment.wireName(), value), new TreeMap<>())
                    .floorEntry(end);
            return latest == null
                    ? new long[steps]
                    : latest.getValue().steps().stream()
                            .mapToLong(FunnelResult.Step::visitors)
                            .toArray();
        }

        List<OperatorSubtaskState> snapshot(long id) throws Exception {
            for (var harness : List.of(orders, visitors)) {
                harness.getOperator().prepareSnapshotPreBarrier(id);
            }
            drain();
            return List.of(orders.snapshot(id, id), visitors.snapshot(id, id), windows.snapshot(id, id));
        }

        @Override
        public void close() {
            try {
                orders.close();
                visitors.close();
                windows.close();
            } catch (Exception e) {
                throw new AssertionError("the harness does not close", e);
            }
        }
    }

    @Test
    void agreesWithTheOracleInAnyArrivalOrderWithDuplicatesAndRestarts() throws Exception {
        for (int seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            List<ShopEvent> events =
                    RandomVisits.of(random, START, 160, Duration.ofMinutes(75).toMillis());
            FunnelOracle oracle = new FunnelOracle(PLAN.funnels(), ZONE, events);
            List<ShopEvent> arrivals = arrivals(random, events);
            Pipeline pipeline = new Pipeline(null);
            long newest = Long.MIN_VALUE;
            int orders = 0;
            for (int i = 0; i < arrivals.size(); i++) {
                ShopEvent event = arrivals.get(i);
                orders += event.stream() == EventStream.ORDERS ? 1 : 0;
                pipeline.event(event);
                newest = Math.max(newest, event.time());
                if (random.nextInt(3) == 0) {
                    pipeline.watermark(newest - OUT_OF_ORDERNESS - 1);
                }
                if (random.nextInt(40) == 0) {
                    Pipeline restored = new Pipeline(pipeline.snapshot(i));
                    restored.results.putAll(pipeline.results);
                    restored.tallies.putAll(pipeline.tallies);
                    pipeline.close();
                    pipeline = restored;
                }
            }
            pipeline.watermark(newest + Duration.ofDays(3).toMillis());

            for (FunnelDefinition funnel : PLAN.funnels()) {
                for (var segment : oracle.values(funnel.name())) {
                    for (Window window : Window.values()) {
                        for (int n = 0; n < 25; n++) {
                            long end = (START / 1000 + random.nextInt(9000)) * 1000;
                            assertThat(pipeline.visitors(
                                            funnel.name(),
                                            window,
                                            end,
                                            segment.getKey(),
                                            segment.getValue(),
                                            funnel.steps().size()))
                                    .as("seed %d %s %s %s to %s", seed, funnel.name(), segment, window, end)
                                    .isEqualTo(oracle.visitors(
                                            funnel.name(), window, end, segment.getKey(), segment.getValue()));
                        }
                    }
                }
            }
            // accepted + late + duplicate = read
            assertThat(sum(pipeline.tallies.get(EventStream.ORDERS))).isEqualTo(orders);
            assertThat(pipeline.tallies.get(EventStream.ORDERS)).doesNotContainKey(Outcome.LATE);
            assertThat(sum(pipeline.tallies.get(EventStream.CLICKS)) + sum(pipeline.tallies.get(EventStream.CARTS)))
                    .isEqualTo(arrivals.size() - orders);
            // three days later nothing is left
            assertThat(pipeline.visitors.numKeyedStateEntries()).isZero();
            assertThat(pipeline.visitors.numEventTimeTimers()).isZero();
            assertThat(pipeline.orders.numKeyedStateEntries()).isZero();
            assertThat(pipeline.orders.numEventTimeTimers()).isZero();
            assertThat(((SlidingWindowOperator<?>) pipeline.windows.getOneInputOperator()).size())
                    .isZero();
            pipeline.close();
        }
    }

    @Test
    void countsALateEventAndKeepsItOut() throws Exception {
        try (Pipeline pipeline = new Pipeline(null)) {
            ShopEvent view = ShopEvent.builder(EventType.VIEW_ITEM, "e1", START)
                    .visitor("v")
                    .category("shoes")
                    .build();
            pipeline.watermark(START);
            pipeline.event(view);
            pipeline.watermark(START + 5000);
            assertThat(pipeline.results).isEmpty();
            assertThat(pipeline.tallies.get(EventStream.CLICKS)).containsExactly(Map.entry(Outcome.LATE, 1L));
        }
    }

    private static long sum(Map<Outcome, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Within the bound every topic may race ahead of the others, and producers deliver twice. */
    private static List<ShopEvent> arrivals(Random random, List<ShopEvent> events) {
        record Arrival(ShopEvent event, double at) {}
        List<Arrival> arrivals = new ArrayList<>();
        for (ShopEvent event : events) {
            arrivals.add(new Arrival(event, event.time() + random.nextDouble(OUT_OF_ORDERNESS)));
            if (random.nextInt(5) == 0) {
                arrivals.add(new Arrival(event, event.time() + random.nextDouble(OUT_OF_ORDERNESS)));
            }
        }
        arrivals.sort(Comparator.comparingDouble(Arrival::at));
        return arrivals.stream().map(Arrival::event).toList();
    }
}
