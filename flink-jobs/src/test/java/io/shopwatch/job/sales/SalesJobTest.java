package io.shopwatch.job.sales;

import static org.assertj.core.api.Assertions.assertThat;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Outcome;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.job.common.Ingested;
import io.shopwatch.job.common.JobResults;
import io.shopwatch.job.common.OrderFacts;
import io.shopwatch.job.common.ShopStreams;
import io.shopwatch.job.common.Tally;
import io.shopwatch.oracle.RandomShop;
import io.shopwatch.oracle.SalesOracle;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.SalesResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.types.PojoTestUtils;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SalesJobTest {
    private static final long HOUR = 3_600_000;
    private static final long NOON = Instant.parse("2026-11-11T12:00:00Z").toEpochMilli();
    private static final Settings SETTINGS = Settings.defaults();

    @Test
    void agreesWithBruteForceOnACluster() throws Exception {
        Random random = new Random(5);
        List<ShopEvent> events = RandomShop.events(random, NOON, 2 * HOUR, 60);
        List<Ingested> records = new ArrayList<>();
        for (ShopEvent event : RandomShop.shuffled(random, events, 1000)) {
            records.add(Ingested.of(event));
        }
        long last = NOON + 6 * HOUR;
        records.add(Ingested.end(last + 1001));
        StreamExecutionEnvironment env = environment();
        env.setParallelism(2);
        JobResults<SalesResult> results = SalesJob.build(ShopStreams.recorded(source(env, records)), SETTINGS);
        List<SalesResult> rows = new ArrayList<>();
        List<Tally> tallies = new ArrayList<>();
        CloseableIterator<SalesResult> rowsCollected = results.results().collectAsync();
        CloseableIterator<Tally> talliesCollected = results.tallies().collectAsync();
        env.execute("sales");
        rowsCollected.forEachRemaining(rows::add);
        talliesCollected.forEachRemaining(tallies::add);
        rowsCollected.close();
        talliesCollected.close();

        long[] ends = random.longs(100, NOON / 1000, last / 1000)
                .map(second -> second * 1000)
                .toArray();
        SalesOracle.of(SETTINGS, events).assertAgrees(rows, ends);
        assertThat(rows).hasSizeGreaterThan(1000);
        for (EventStream stream : List.of(EventStream.CLICKS, EventStream.CARTS, EventStream.ORDERS)) {
            assertThat(tallies.stream()
                            .filter(tally -> tally.stream() == stream)
                            .filter(tally ->
                                    tally.outcome() == Outcome.ACCEPTED || tally.outcome() == Outcome.DUPLICATE)
                            .mapToLong(Tally::count)
                            .sum())
                    .as("accepted + duplicate of %s", stream)
                    .isEqualTo(events.stream()
                            .filter(event -> event.stream() == stream)
                            .count());
        }
    }

    @Test
    void everyOperatorHasANameAndAUidOfItsOwnAndNothingNeedsKryo() {
        StreamExecutionEnvironment env = environment();
        JobResults<SalesResult> results = SalesJob.build(
                ShopStreams.live(source(env, List.of(Ingested.end(NOON))), SETTINGS.events(), null), SETTINGS);
        results.results().sinkTo(new DiscardingSink<>()).name("Results").uid("results");
        results.tallies().sinkTo(new DiscardingSink<>()).name("Tallies").uid("tallies");

        // uids: the job graph is refused without; generic types: serializers are refused
        StreamGraph graph = env.getStreamGraph();
        assertThat(graph.getJobGraph().getNumberOfVertices()).isPositive();
        assertThat(graph.getStreamNodes())
                .extracting(StreamNode::getOperatorName)
                .doesNotHaveDuplicates()
                .contains("Follow visitors and their carts", "Slide sales windows");
        assertThat(graph.getStreamNodes())
                .extracting(StreamNode::getTransformationUID)
                .doesNotHaveDuplicates()
                .doesNotContainNull();
    }

    @ParameterizedTest
    @ValueSource(classes = {ShopEvent.class, OrderFacts.LateFact.class})
    void whatIsSentAndStoredIsNoKryo(Class<?> type) {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(type);
    }

    private static StreamExecutionEnvironment environment() {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        configuration.set(RestOptions.BIND_PORT, "0");
        return StreamExecutionEnvironment.createLocalEnvironment(configuration);
    }

    private static DataStream<Ingested> source(StreamExecutionEnvironment env, List<Ingested> records) {
        return env.fromData(records, TypeInformation.of(Ingested.class))
                .setParallelism(1)
                .name("Source")
                .uid("source")
                .assignTimestampsAndWatermarks(WatermarkStrategy.<Ingested>forGenerator(context -> new EachRecord())
                        .withTimestampAssigner((record, time) -> record.time()))
                .setParallelism(1)
                .name("Watermarks")
                .uid("watermarks");
    }

    /** A watermark after every record: time does not depend on how fast the test runs. */
    private static final class EachRecord implements WatermarkGenerator<Ingested> {
        private long newest = Long.MIN_VALUE;

        @Override
        public void onEvent(Ingested record, long time, WatermarkOutput output) {
            if (time > newest && time != Ingested.NO_TIME) {
                newest = time;
                output.emitWatermark(new Watermark(newest - 1001));
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            // see onEvent
        }
    }
}
