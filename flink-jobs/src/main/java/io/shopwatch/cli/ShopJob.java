package io.shopwatch.cli;

import io.shopwatch.domain.event.EventStream;
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
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The jobs, as the command line, reports and metrics name them. {@link FlinkJob} says which of them run as one. */
enum ShopJob {
    FUNNEL {
        @Override
        JobResults<?> connect(ShopStreams shop, Settings settings) {
            JobResults<FunnelResult> job = FunnelJob.build(shop, settings);
            KafkaEdges.write(job.results(), settings, Topics.FUNNELS, FunnelResult::key);
            return job;
        }
    },
    SALES {
        @Override
        JobResults<?> connect(ShopStreams shop, Settings settings) {
            JobResults<SalesResult> job = SalesJob.build(shop, settings);
            KafkaEdges.write(job.results(), settings, Topics.SALES, SalesResult::key);
            return job;
        }
    },
    INVENTORY {
        @Override
        JobResults<?> connect(ShopStreams shop, Settings settings) {
            JobResults<InventoryResult> job = InventoryJob.build(shop, settings);
            KafkaEdges.write(job.results(), settings, Topics.INVENTORY, InventoryResult::key);
            return job;
        }
    },
    /** Reads what the others write. */
    ALERT {
        @Override
        JobResults<?> connect(ShopStreams shop, Settings settings) {
            throw new IllegalStateException("it reads no events");
        }
    };

    /** The job's name on the command line. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Events that it reads. */
    Set<EventStream> streams() {
        return switch (this) {
            case FUNNEL, SALES -> EnumSet.of(EventStream.CLICKS, EventStream.CARTS, EventStream.ORDERS);
            case INVENTORY -> EnumSet.of(EventStream.ORDERS, EventStream.STOCK);
            case ALERT -> EnumSet.noneOf(EventStream.class);
        };
    }

    /** Those of them whose dead letters it writes: of several jobs that read a stream, one does. */
    Set<EventStream> rejected() {
        return switch (this) {
            case SALES -> streams();
            case INVENTORY -> EnumSet.of(EventStream.STOCK);
            case FUNNEL, ALERT -> EnumSet.noneOf(EventStream.class);
        };
    }

    /** Builds a job that reads events, between them and the topic of its results; its status is still to be written. */
    abstract JobResults<?> connect(ShopStreams shop, Settings settings);
}
