package io.shopwatch.settings;

import io.shopwatch.domain.funnel.FunnelDefinition;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * All settings, typed and validated; {@link #defaults()} is what holds without a settings file. Parsed once, by {@code
 * SettingsLoader}, from YAML, environment variables and {@code --set}.
 */
public record Settings(
        Shop shop,
        Kafka kafka,
        Events events,
        Orders orders,
        List<FunnelDefinition> funnels,
        Inventory inventory,
        List<Promotion> promotions,
        Metrics metrics,
        Serve serve,
        Flink flink,
        List<Receiver> receivers,
        Links links)
        implements Serializable {

    /**
     * @param timezone {@code shop.timezone}: where {@code today} begins
     * @param currency {@code shop.currency}: ISO 4217 code of orders that name none
     */
    public record Shop(ZoneId timezone, String currency) implements Serializable {}

    /**
     * @param bootstrapServers {@code kafka.bootstrap.servers}
     * @param partitions {@code kafka.partitions}: partitions of topics that Shopwatch creates
     * @param replicationFactor {@code kafka.replication-factor} of topics that Shopwatch creates
     * @param clientProperties everything else under {@code kafka.}, passed to the Kafka clients unchanged
     */
    public record Kafka(
            String bootstrapServers, int partitions, short replicationFactor, Map<String, String> clientProperties)
            implements Serializable {

        /** Without the values of client properties, which hold passwords. */
        @Override
        public String toString() {
            return "Kafka[bootstrapServers=" + bootstrapServers + ", partitions=" + partitions + ", replicationFactor="
                    + replicationFactor + ", clientProperties=" + new TreeSet<>(clientProperties.keySet()) + "]";
        }
    }

    /**
     * @param outOfOrderness {@code events.out-of-orderness}: events this late give the figures of sorted ones
     * @param maxAhead {@code events.max-ahead}: events further ahead of the wall clock are dead letters
     * @param dedupTtl {@code events.dedup-ttl}: how long (event time) an event id of orders and stock is remembered
     * @param idleness {@code events.idleness}: after this long without events (wall clock) event time goes on at the wall
     *     clock's pace, and a partition that is behind the others no longer holds it
     * @param catchUpHold {@code events.catch-up-hold}: when event time runs faster than the wall clock (a replay, a
     *     backlog), how long (wall clock) it is held so that all topics are heard before time moves on
     */
    public record Events(
            Duration outOfOrderness, Duration maxAhead, Duration dedupTtl, Duration idleness, Duration catchUpHold)
            implements Serializable {}

    /** @param ttl {@code orders.ttl}: how long (event time) an order is remembered after its last event */
    public record Orders(Duration ttl) implements Serializable {}

    /**
     * @param commitOn {@code inventory.commit-on}: {@code shipped} or {@code paid}, the event that takes units off the
     *     shelf
     * @param halfLife {@code inventory.half-life} of the sales velocity
     * @param leadTime {@code inventory.lead-time} of a reorder
     * @param leadTimeDeviation {@code inventory.lead-time-deviation}, the standard deviation of the lead time
     * @param serviceLevel {@code inventory.service-level}, between 0.5 and 1
     * @param history {@code inventory.history}: how much older than the newest movement of a SKU a late count may be
     * @param skus {@code inventory.skus}: exceptions by SKU
     */
    public record Inventory(
            CommitOn commitOn,
            Duration halfLife,
            Duration leadTime,
            Duration leadTimeDeviation,
            double serviceLevel,
            Duration history,
            List<SkuSettings> skus)
            implements Serializable {}

    /** The event that takes units off the shelf. */
    public enum CommitOn {
        SHIPPED,
        PAID
    }

    /** What holds for one SKU instead of the defaults; null fields mean the default. */
    public record SkuSettings(
            String sku,
            String warehouse,
            Duration leadTime,
            Duration leadTimeDeviation,
            Double serviceLevel,
            Long lowThreshold)
            implements Serializable {}

    /** A promotion with GMV targets at three levels, each in units of {@code currency}. */
    public record Promotion(
            String name,
            Instant start,
            Instant end,
            String currency,
            BigDecimal base,
            BigDecimal goal,
            BigDecimal stretch)
            implements Serializable {}

    /**
     * @param maxSkus {@code metrics.max-skus}: SKUs with series of their own
     * @param expiry {@code metrics.expiry}: series of sliding windows that no longer change disappear after this
     * @param longExpiry {@code metrics.long-expiry}: the same for {@code today} and stock
     */
    public record Metrics(int maxSkus, Duration expiry, Duration longExpiry) implements Serializable {}

    /**
     * @param port {@code serve.port}; 0 is any free port
     * @param bind {@code serve.bind} address
     */
    public record Serve(int port, String bind) implements Serializable {}

    /**
     * @param parallelism {@code flink.parallelism} of each job
     * @param checkpointInterval {@code flink.checkpoint-interval}
     * @param checkpointDir {@code flink.checkpoint-dir}: a folder or URI; null leaves it to the cluster
     * @param stateBackend {@code flink.state-backend}: {@code hashmap} or {@code rocksdb}
     * @param rocksdbMegabytes {@code flink.rocksdb-memory} of a local cluster, in units of 2^20 bytes
     * @param uiPort {@code flink.ui-port} of a local cluster
     * @param metricsPort {@code flink.metrics-port} of Flink's Prometheus reporter on a local cluster
     */
    public record Flink(
            int parallelism,
            Duration checkpointInterval,
            String checkpointDir,
            String stateBackend,
            int rocksdbMegabytes,
            int uiPort,
            int metricsPort)
            implements Serializable {}

    /**
     * Where alerts go.
     *
     * @param name unique name, as {@code notify} of rules uses it
     * @param type {@code alertmanager}, {@code webhook}, {@code slack}, {@code dingtalk}, {@code feishu}, {@code wecom}
     *     or {@code teams}
     * @param url where to post; a secret
     * @param secret signing secret of DingTalk and Feishu, or null
     * @param minSeverity {@code info}, {@code warning} or {@code critical}
     * @param ratePerMinute messages per minute at most
     * @param timeout of one request
     * @param retries attempts after the first at most; null means until {@code giveUpAfter}
     * @param giveUpAfter when a message counts as failed
     */
    public record Receiver(
            String name,
            String type,
            Secret url,
            Secret secret,
            String minSeverity,
            int ratePerMinute,
            Duration timeout,
            Integer retries,
            Duration giveUpAfter)
            implements Serializable {}

    /**
     * @param dashboard {@code links.dashboard-url}: base URL in alerts, or null
     * @param runbook {@code links.runbook-url}: base URL in alerts, or null
     */
    public record Links(String dashboard, String runbook) implements Serializable {}

    /** What holds when nothing is set. */
    public static Settings defaults() {
        return new Settings(
                new Shop(ZoneOffset.UTC, "USD"),
                new Kafka("127.0.0.1:9092", 4, (short) 1, Map.of()),
                new Events(
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(5),
                        Duration.ofHours(1),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1)),
                new Orders(Duration.ofDays(30)),
                FunnelDefinition.DEFAULTS,
                new Inventory(
                        CommitOn.SHIPPED,
                        Duration.ofMinutes(15),
                        Duration.ofHours(24),
                        Duration.ZERO,
                        0.95,
                        Duration.ofHours(1),
                        List.of()),
                List.of(),
                new Metrics(500, Duration.ofMinutes(15), Duration.ofHours(26)),
                new Serve(8088, "127.0.0.1"),
                new Flink(2, Duration.ofSeconds(30), null, "hashmap", 512, 8081, 9249),
                List.of(),
                new Links(null, null));
    }
}
