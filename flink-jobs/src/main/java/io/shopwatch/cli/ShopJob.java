package io.shopwatch.cli;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.job.common.JobEnvironment;
import io.shopwatch.job.common.JobResults;
import io.shopwatch.job.common.KafkaEdges;
import io.shopwatch.job.common.ShopStreams;
import io.shopwatch.job.funnel.FunnelJob;
import io.shopwatch.job.inventory.InventoryJob;
import io.shopwatch.job.sales.SalesJob;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.SalesResult;
import io.shopwatch.wire.Topics;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The jobs, put together with Kafka as their source and sink. */
enum ShopJob {
    FUNNEL(EnumSet.of(EventStream.CLICKS, EventStream.CARTS, EventStream.ORDERS)) {
        @Override
        void connect(ShopStreams shop, Settings settings) {
            JobResults<FunnelResult> job = FunnelJob.build(shop, settings);
            KafkaEdges.write(job.results(), settings, Topics.FUNNELS, FunnelResult::key);
            KafkaEdges.writeStatus(job.tallies(), settings, wireName());
        }
    },
    SALES(EnumSet.of(EventStream.CLICKS, EventStream.CARTS, EventStream.ORDERS)) {
        @Override
        void connect(ShopStreams shop, Settings settings) {
            JobResults<SalesResult> job = SalesJob.build(shop, settings);
            KafkaEdges.write(job.results(), settings, Topics.SALES, SalesResult::key);
            KafkaEdges.writeStatus(job.tallies(), settings, wireName());
            // Clicks, carts and orders are read by two jobs; one of them reports what could not be read.
            KafkaEdges.writeDeadLetters(shop.deadLetters(), settings);
        }
    },
    INVENTORY(EnumSet.of(EventStream.ORDERS, EventStream.STOCK)) {
        @Override
        void connect(ShopStreams shop, Settings settings) {
            JobResults<InventoryResult> job = InventoryJob.build(shop, settings);
            KafkaEdges.write(job.results(), settings, Topics.INVENTORY, InventoryResult::key);
            KafkaEdges.writeStatus(job.tallies(), settings, wireName());
            KafkaEdges.writeDeadLetters(
                    shop.deadLetters()
                            .filter(letter -> Topics.STOCK.equals(letter.topic()))
                            .name("Keep those of the stock topic")
                            .uid("dead-stock-v1"),
                    settings);
        }
    };

    private final Set<EventStream> inputs;

    ShopJob(Set<EventStream> inputs) {
        this.inputs = inputs;
    }

    /** The job's name on the command line. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Builds what the job does between its inputs and its topics. */
    abstract void connect(ShopStreams shop, Settings settings);

    /** Builds the whole job in {@code env}. */
    void define(StreamExecutionEnvironment env, Settings settings) {
        env.configure(JobEnvironment.of(settings.flink(), null, null));
        connect(ShopStreams.live(KafkaEdges.read(env, settings, wireName(), inputs), settings.events()), settings);
    }

    /**
     * Builds the whole job for a cluster in this process.
     *
     * @param checkpoints folder of this job's checkpoints
     * @param restoreFrom checkpoint to go on from, or null
     */
    StreamExecutionEnvironment local(Settings settings, Path checkpoints, Path restoreFrom) {
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(JobEnvironment.of(
                settings.flink(), checkpoints.toAbsolutePath().toUri().toString(), restoreFrom));
        env.setParallelism(settings.flink().parallelism());
        connect(ShopStreams.live(KafkaEdges.read(env, settings, wireName(), inputs), settings.events()), settings);
        return env;
    }
}
