package io.shopwatch.bench;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.job.common.Ingested;
import io.shopwatch.job.common.JobResults;
import io.shopwatch.job.common.KafkaEdges;
import io.shopwatch.job.common.ShopStreams;
import io.shopwatch.job.common.Tally;
import io.shopwatch.job.common.Watermarks;
import io.shopwatch.job.funnel.FunnelJob;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.Topics;
import java.util.EnumSet;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/** The jobs that are measured over a backlog. */
enum MeasuredJob {
    /** The floor: the same source, decoding, keys and exchange, then one trivial access to state, and nothing more. */
    PASS_THROUGH {
        @Override
        void connect(StreamExecutionEnvironment env, Settings settings) {
            read(env, settings)
                    .eventsOf(VISITS, "events-v1")
                    .keyBy(ShopEvent::visitorId)
                    .process(new CountPerVisitor())
                    .name("Count per visitor")
                    .uid("count-v1")
                    .sinkTo(new DiscardingSink<>())
                    .name("Discard")
                    .uid("discard-v1");
        }
    },

    /** The real one: all funnels, windows and segments, with results and status written to Kafka. */
    FUNNEL {
        @Override
        void connect(StreamExecutionEnvironment env, Settings settings) {
            JobResults<FunnelResult> job = FunnelJob.build(read(env, settings), settings);
            KafkaEdges.write(job.results(), settings, Topics.FUNNELS, FunnelResult::key);
            KafkaEdges.writeStatus(job.tallies(), settings, FunnelJob.NAME);
            gauge(job.tallies());
        }
    };

    private static final EnumSet<EventStream> VISITS =
            EnumSet.of(EventStream.CLICKS, EventStream.CARTS, EventStream.ORDERS);

    /** Builds the job between Kafka and the gauge. */
    abstract void connect(StreamExecutionEnvironment env, Settings settings);

    private static ShopStreams read(StreamExecutionEnvironment env, Settings settings) {
        DataStream<Ingested> records = env.fromSource(
                        KafkaEdges.source(settings, "bench", VISITS)
                                .setBounded(OffsetsInitializer.latest())
                                .build(),
                        Watermarks.of(settings.events()),
                        "Read the backlog")
                .uid("source-v1")
                .map(record -> {
                    Gauge.read();
                    return record;
                })
                .returns(Ingested.class)
                .name("Start the clock")
                .uid("clock-starts-v1");
        return ShopStreams.live(records, settings.events(), KafkaEdges.logs(settings, VISITS));
    }

    private static void gauge(DataStream<Tally> tallies) {
        tallies.global()
                .process(new CountTallies())
                .setParallelism(1)
                .name("Stop the clock")
                .uid("clock-stops-v1")
                .sinkTo(new DiscardingSink<>())
                .setParallelism(1)
                .name("Discard")
                .uid("discard-v1");
    }

    private static final class CountTallies extends ProcessFunction<Tally, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public void processElement(Tally tally, Context context, Collector<Long> out) {
            Gauge.count(tally.stream().wireName() + "/" + tally.outcome().wireName(), tally.count());
        }
    }

    private static final class CountPerVisitor extends KeyedProcessFunction<String, ShopEvent, Long> {
        private static final long serialVersionUID = 1;
        private static final int BATCH = 1000;

        private transient ValueState<Long> seen;
        private transient int batch;

        @Override
        public void open(OpenContext context) {
            seen = getRuntimeContext().getState(new ValueStateDescriptor<>("seen", Types.LONG));
        }

        @Override
        public void processElement(ShopEvent event, Context context, Collector<Long> out) throws Exception {
            Long before = seen.value();
            seen.update(before == null ? 1 : before + 1);
            if (++batch == BATCH) {
                report();
            }
        }

        @Override
        public void close() {
            report();
        }

        private void report() {
            Gauge.count("all/accepted", batch);
            batch = 0;
        }
    }
}
