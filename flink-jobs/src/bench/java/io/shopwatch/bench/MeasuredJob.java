package io.shopwatch.bench;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.ShopEvent;
import io.shopwatch.domain.funnel.FunnelDefinition;
import io.shopwatch.job.common.Ingested;
import io.shopwatch.job.common.JobResults;
import io.shopwatch.job.common.KafkaEdges;
import io.shopwatch.job.common.ShopStreams;
import io.shopwatch.job.common.Tally;
import io.shopwatch.job.common.Watermarks;
import io.shopwatch.job.funnel.FunnelJob;
import io.shopwatch.job.sales.SalesJob;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.SalesResult;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/** The jobs that are measured over a backlog. */
enum MeasuredJob implements Contender {
    /** The floor: the same source, decoding, keys and exchange, then one trivial access to state, and nothing more. */
    PASS_THROUGH {
        @Override
        void connect(StreamExecutionEnvironment env, Settings settings) {
            read(env, settings, true)
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
            funnelJob(read(env, settings, true), settings);
        }
    },

    /** The other one that reads everything visitors do, with its results and status. */
    SALES {
        @Override
        void connect(StreamExecutionEnvironment env, Settings settings) {
            JobResults<SalesResult> job = SalesJob.build(read(env, settings, true), settings);
            KafkaEdges.write(job.results(), settings, Topics.SALES, SalesResult::key);
            KafkaEdges.writeStatuses(Map.of(SalesJob.NAME, job), settings);
            gauge(job.tallies());
        }
    },

    /**
     * What peers compute, and what cannot be left out: one open funnel with its four steps, but in all windows and
     * segments, with orders held against their history.
     */
    OPEN_FUNNEL {
        @Override
        void connect(StreamExecutionEnvironment env, Settings settings) {
            follow(env, settings, List.of(OPEN_PURCHASE));
        }
    },

    /** The same beside the funnels that a shop has by default. */
    ALL_FUNNELS {
        @Override
        void connect(StreamExecutionEnvironment env, Settings settings) {
            List<FunnelDefinition> funnels = new ArrayList<>(settings.funnels());
            funnels.add(OPEN_PURCHASE);
            follow(env, settings, funnels);
        }
    };

    /** A funnel that can be counted in SQL: each step by itself. */
    static final FunnelDefinition OPEN_PURCHASE = new FunnelDefinition(
            "open-purchase",
            FunnelDefinition.PURCHASE.steps(),
            FunnelDefinition.PURCHASE.within(),
            FunnelDefinition.Mode.OPEN);

    private static final EnumSet<EventStream> VISITS =
            EnumSet.of(EventStream.CLICKS, EventStream.CARTS, EventStream.ORDERS);

    /** Builds the job between Kafka and the gauge. */
    abstract void connect(StreamExecutionEnvironment env, Settings settings);

    @Override
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it goes on after the backlog, and is done with the last windows of the backlog. */
    boolean isLive() {
        return this == OPEN_FUNNEL || this == ALL_FUNNELS;
    }

    @Override
    public Run.Outcome run(Course course) throws IOException, InterruptedException {
        Path asked = course.folder().resolve("task.json");
        Path answered = course.folder().resolve("outcome.json");
        Files.write(
                asked,
                Json.bytes(new Run.Task(
                        this,
                        course.backend(),
                        course.bootstrapServers(),
                        course.backlog().events(),
                        course.backlog().last().end(),
                        course.folder().toString())));
        try (ChildProcess run = course.children().start(Run.class, asked.toString(), answered.toString())) {
            run.await();
        }
        return Json.read(Files.readAllBytes(answered), Run.Outcome.class);
    }

    private static JobResults<FunnelResult> funnelJob(ShopStreams shop, Settings settings) {
        JobResults<FunnelResult> job = FunnelJob.build(shop, settings);
        KafkaEdges.write(job.results(), settings, Topics.FUNNELS, FunnelResult::key);
        KafkaEdges.writeStatuses(Map.of(FunnelJob.NAME, job), settings);
        gauge(job.tallies());
        return job;
    }

    private static void follow(StreamExecutionEnvironment env, Settings settings, List<FunnelDefinition> funnels) {
        Settings own = new Settings(
                settings.shop(),
                settings.kafka(),
                settings.events(),
                settings.orders(),
                funnels,
                settings.inventory(),
                settings.promotions(),
                settings.metrics(),
                settings.serve(),
                settings.flink(),
                settings.receivers(),
                settings.links());
        funnelJob(read(env, own, false), own)
                .results()
                .process(new SeeEnds())
                .setParallelism(1)
                .name("Stop the clock at the last figures")
                .uid("figures-v1")
                .sinkTo(new DiscardingSink<>())
                .setParallelism(1)
                .name("Discard figures")
                .uid("discard-figures-v1");
    }

    private static ShopStreams read(StreamExecutionEnvironment env, Settings settings, boolean bounded) {
        KafkaSourceBuilder<Ingested> source = KafkaEdges.source(settings, "bench", VISITS);
        if (bounded) {
            source.setBounded(OffsetsInitializer.latest());
        }
        DataStream<Ingested> records = env.fromSource(
                        source.build(), Watermarks.live(settings.events()), "Read the backlog")
                .uid("source-v1");
        return ShopStreams.live(records, settings.events(), KafkaEdges.logs(settings, VISITS));
    }

    /** Counts what the job accounts for. */
    static void gauge(DataStream<Tally> tallies) {
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

    private static final class SeeEnds extends ProcessFunction<FunnelResult, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public void processElement(FunnelResult row, Context context, Collector<Long> out) {
            Gauge.figure(row.end());
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
