package io.shopwatch.cli;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.job.alert.AlertTopics;
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
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The jobs, put together with Kafka as their source and sink. */
enum ShopJob {
    FUNNEL {
        @Override
        void connect(StreamExecutionEnvironment env, Settings settings) {
            ShopStreams shop = visits(env, settings);
            JobResults<FunnelResult> job = FunnelJob.build(shop, settings);
            KafkaEdges.write(job, settings, Topics.FUNNELS, FunnelResult::key, wireName());
        }
    },
    SALES {
        @Override
        void connect(StreamExecutionEnvironment env, Settings settings) {
            ShopStreams shop = visits(env, settings);
            JobResults<SalesResult> job = SalesJob.build(shop, settings);
            KafkaEdges.write(job, settings, Topics.SALES, SalesResult::key, wireName());
            // Clicks, carts and orders are read by two jobs; one of them reports what could not be read.
            KafkaEdges.writeDeadLetters(shop.deadLetters(), settings);
        }
    },
    INVENTORY {
        @Override
        void connect(StreamExecutionEnvironment env, Settings settings) {
            ShopStreams shop = read(env, settings, EnumSet.of(EventStream.ORDERS, EventStream.STOCK));
            JobResults<InventoryResult> job = InventoryJob.build(shop, settings);
            KafkaEdges.write(job, settings, Topics.INVENTORY, InventoryResult::key, wireName());
            KafkaEdges.writeDeadLetters(
                    shop.deadLetters()
                            .filter(letter -> Topics.STOCK.equals(letter.topic()))
                            .name("Keep those of the stock topic")
                            .uid("dead-stock-v1"),
                    settings);
        }
    },
    ALERT {
        @Override
        void connect(StreamExecutionEnvironment env, Settings settings) {
            AlertTopics.connect(env, settings);
        }
    };

    /** The job's name on the command line. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Builds the job between its input topics and its result topics. */
    abstract void connect(StreamExecutionEnvironment env, Settings settings);

    ShopStreams visits(StreamExecutionEnvironment env, Settings settings) {
        return read(env, settings, EnumSet.of(EventStream.CLICKS, EventStream.CARTS, EventStream.ORDERS));
    }

    ShopStreams read(StreamExecutionEnvironment env, Settings settings, Set<EventStream> streams) {
        return ShopStreams.live(
                KafkaEdges.read(env, settings, wireName(), streams),
                settings.events(),
                KafkaEdges.logs(settings, streams));
    }

    /**
     * Builds the whole job for the Flink cluster that started this process. Below {@code flink.checkpoint-dir}, if that
     * is set, each job has a folder of its own.
     *
     * @param fresh whether to begin anew instead of from the newest checkpoint in that folder
     */
    void define(StreamExecutionEnvironment env, Settings settings, boolean fresh) throws IOException {
        String base = settings.flink().checkpointDir();
        String own = base == null ? null : base + "/" + wireName();
        // Without high availability a restarted job manager knows nothing of the jobs that it ran.
        Optional<Path> newest = own == null || fresh ? Optional.empty() : DataFolder.newestCheckpoint(own);
        env.configure(JobEnvironment.of(settings.flink(), own, newest.orElse(null)));
        env.setParallelism(settings.flink().parallelism());
        connect(env, settings);
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
        connect(env, settings);
        return env;
    }
}
