package io.shopwatch.settings;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.EventType;
import io.shopwatch.domain.funnel.FunnelDefinition;
import io.shopwatch.domain.window.Durations;
import io.shopwatch.settings.Settings.CommitOn;
import io.shopwatch.settings.Settings.Promotion;
import io.shopwatch.settings.Settings.Receiver;
import io.shopwatch.settings.Settings.SkuSettings;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The catalogue of all settings: each has a key, a type, a default, a meaning and a validator. */
public final class Options {

    /** Prefix of the settings that go to the Kafka clients unchanged, but for our own three. */
    public static final String KAFKA_PREFIX = "kafka.";

    static final Option<ZoneId> SHOP_TIMEZONE = new Option<>(
            "shop.timezone",
            "time zone",
            "where `today` begins at midnight",
            s -> s.shop().timezone(),
            zone -> zone.getId().equals("Z") ? "UTC" : zone.getId(),
            Node::zone);
    static final Option<String> SHOP_CURRENCY = text(
            "shop.currency",
            "ISO 4217 code",
            "currency of orders that name none",
            s -> s.shop().currency(),
            Node::currency);

    static final Option<String> KAFKA_BOOTSTRAP_SERVERS = text(
            "kafka.bootstrap.servers",
            "host:port, …",
            "the Kafka to work with",
            s -> s.kafka().bootstrapServers(),
            Node::servers);
    static final Option<Integer> KAFKA_PARTITIONS = integer(
            "kafka.partitions",
            "partitions of topics that Shopwatch creates",
            s -> s.kafka().partitions(),
            n -> n.integer(1, 10_000));
    static final Option<Integer> KAFKA_REPLICATION_FACTOR = integer(
            "kafka.replication-factor",
            "replicas of topics that Shopwatch creates",
            s -> (int) s.kafka().replicationFactor(),
            n -> n.integer(1, 100));

    static final Option<Duration> EVENTS_OUT_OF_ORDERNESS = duration(
            "events.out-of-orderness",
            "events this late give the same figures as sorted ones; later ones count as late",
            s -> s.events().outOfOrderness(),
            Node::duration);
    static final Option<Duration> EVENTS_MAX_AHEAD = duration(
            "events.max-ahead",
            "events further ahead of the wall clock are dead letters",
            s -> s.events().maxAhead(),
            Node::positiveDuration);
    static final Option<Duration> EVENTS_DEDUP_TTL = duration(
            "events.dedup-ttl",
            "how long (event time) an event id of orders and stock is remembered",
            s -> s.events().dedupTtl(),
            Node::positiveDuration);
    static final Option<Duration> EVENTS_IDLENESS = duration(
            "events.idleness",
            "when nothing is heard for this long, event time goes on at the wall clock's pace",
            s -> s.events().idleness(),
            Node::positiveDuration);
    static final Option<Duration> EVENTS_CATCH_UP_HOLD = duration(
            "events.catch-up-hold",
            "in a replay or backlog, how long (wall clock) event time waits until all topics are heard",
            s -> s.events().catchUpHold(),
            Node::duration);

    static final Option<Duration> ORDERS_TTL = duration(
            "orders.ttl",
            "how long (event time) an order is remembered after its last event",
            s -> s.orders().ttl(),
            Node::positiveDuration);

    static final Option<List<FunnelDefinition>> FUNNELS = list(
            "funnels",
            "list of {name, steps, within, mode}",
            "funnels besides the default ones; one of the same name replaces it",
            Settings::funnels,
            FunnelDefinition::name,
            Options::funnels);

    static final Option<CommitOn> INVENTORY_COMMIT_ON = new Option<>(
            "inventory.commit-on",
            "shipped or paid",
            "the order event that takes units off the shelf",
            s -> s.inventory().commitOn(),
            value -> value.name().toLowerCase(Locale.ROOT),
            n -> n.constant(CommitOn.class));
    static final Option<Duration> INVENTORY_HALF_LIFE = duration(
            "inventory.half-life",
            "half-life of the sales velocity",
            s -> s.inventory().halfLife(),
            Node::positiveDuration);
    static final Option<Duration> INVENTORY_LEAD_TIME = duration(
            "inventory.lead-time", "from reorder to receipt", s -> s.inventory().leadTime(), Node::positiveDuration);
    static final Option<Duration> INVENTORY_LEAD_TIME_DEVIATION = duration(
            "inventory.lead-time-deviation",
            "standard deviation of the lead time",
            s -> s.inventory().leadTimeDeviation(),
            Node::duration);
    static final Option<Double> INVENTORY_SERVICE_LEVEL = new Option<>(
            "inventory.service-level",
            "ratio, 0.5 to below 1",
            "probability of not running out during the lead time, which sets the safety stock",
            s -> s.inventory().serviceLevel(),
            String::valueOf,
            n -> n.number(0.5, 1));
    static final Option<Duration> INVENTORY_HISTORY = duration(
            "inventory.history",
            "how much older than the newest movement of a SKU a late count may be",
            s -> s.inventory().history(),
            Node::positiveDuration);
    static final Option<List<SkuSettings>> INVENTORY_SKUS = list(
            "inventory.skus",
            "list of {sku, warehouse, leadTime, leadTimeDeviation, serviceLevel, lowThreshold}",
            "what holds for one SKU (in one warehouse, if named) instead of the above",
            s -> s.inventory().skus(),
            SkuSettings::sku,
            Options::skus);

    static final Option<List<Promotion>> PROMOTIONS = list(
            "promotions",
            "list of {name, start, end, currency, base, goal, stretch}",
            "promotions with their GMV targets at three levels",
            Settings::promotions,
            Promotion::name,
            Options::promotions);

    static final Option<Integer> METRICS_MAX_SKUS = integer(
            "metrics.max-skus",
            "SKUs with series of their own: out, oversold, low, then the fastest selling",
            s -> s.metrics().maxSkus(),
            n -> n.integer(0, 1_000_000));
    static final Option<Duration> METRICS_EXPIRY = duration(
            "metrics.expiry",
            "series of sliding windows that no longer change disappear after this",
            s -> s.metrics().expiry(),
            Node::positiveDuration);
    static final Option<Duration> METRICS_LONG_EXPIRY = duration(
            "metrics.long-expiry",
            "the same for the window `today` and for stock",
            s -> s.metrics().longExpiry(),
            Node::positiveDuration);

    static final Option<Integer> SERVE_PORT = port("serve.port", "port of the page, /metrics and health", s -> s.serve()
            .port());
    static final Option<String> SERVE_BIND = text(
            "serve.bind",
            "address",
            "address to listen on",
            s -> s.serve().bind(),
            n -> n.matching("an address such as 127.0.0.1 or 0.0.0.0", t -> !t.contains(" ")));

    static final Option<Integer> FLINK_PARALLELISM = integer(
            "flink.parallelism", "parallelism of each job", s -> s.flink().parallelism(), n -> n.integer(1, 10_000));
    static final Option<Duration> FLINK_CHECKPOINT_INTERVAL = duration(
            "flink.checkpoint-interval",
            "from checkpoint to checkpoint; a recovery reads this much again",
            s -> s.flink().checkpointInterval(),
            Node::positiveDuration);
    static final Option<String> FLINK_CHECKPOINT_DIR = text(
            "flink.checkpoint-dir",
            "folder or URI",
            "where checkpoints are kept; without it the cluster decides",
            s -> s.flink().checkpointDir(),
            n -> n.text("a folder or URI"));
    static final Option<String> FLINK_STATE_BACKEND = text(
            "flink.state-backend",
            "hashmap or rocksdb",
            "state in memory, or on disk where it exceeds memory",
            s -> s.flink().stateBackend(),
            n -> n.oneOf(List.of("hashmap", "rocksdb")));
    static final Option<Integer> FLINK_ROCKSDB_MEMORY = new Option<>(
            "flink.rocksdb-memory",
            "size, such as 512MB or 2GB",
            "memory for RocksDB in all jobs of a local cluster: for 10 million visitors 2GB",
            s -> s.flink().rocksdbMegabytes(),
            megabytes -> megabytes + "MB",
            n -> n.megabytes(64));
    static final Option<Integer> FLINK_UI_PORT =
            port("flink.ui-port", "port of the web UI of a local cluster", s -> s.flink()
                    .uiPort());
    static final Option<Integer> FLINK_METRICS_PORT =
            port("flink.metrics-port", "port of Flink's own Prometheus reporter on a local cluster", s -> s.flink()
                    .metricsPort());

    static final Option<List<Receiver>> RECEIVERS = list(
            "receivers",
            "list of {name, type, url, secret, minSeverity, ratePerMinute, timeout, retries, giveUpAfter}",
            "where alerts go; `url` and `secret` may be `file:/path`",
            Settings::receivers,
            Receiver::name,
            Options::receivers);

    static final Option<String> LINKS_DASHBOARD_URL = text(
            "links.dashboard-url",
            "URL",
            "base of the dashboard links in alerts",
            s -> s.links().dashboard(),
            Node::url);
    static final Option<String> LINKS_RUNBOOK_URL = text(
            "links.runbook-url",
            "URL",
            "base of the runbook links in alerts",
            s -> s.links().runbook(),
            Node::url);

    /** All of them, in the order of the documentation. */
    public static final List<Option<?>> ALL = List.of(
            SHOP_TIMEZONE,
            SHOP_CURRENCY,
            KAFKA_BOOTSTRAP_SERVERS,
            KAFKA_PARTITIONS,
            KAFKA_REPLICATION_FACTOR,
            EVENTS_OUT_OF_ORDERNESS,
            EVENTS_MAX_AHEAD,
            EVENTS_DEDUP_TTL,
            EVENTS_IDLENESS,
            EVENTS_CATCH_UP_HOLD,
            ORDERS_TTL,
            FUNNELS,
            INVENTORY_COMMIT_ON,
            INVENTORY_HALF_LIFE,
            INVENTORY_LEAD_TIME,
            INVENTORY_LEAD_TIME_DEVIATION,
            INVENTORY_SERVICE_LEVEL,
            INVENTORY_HISTORY,
            INVENTORY_SKUS,
            PROMOTIONS,
            METRICS_MAX_SKUS,
            METRICS_EXPIRY,
            METRICS_LONG_EXPIRY,
            SERVE_PORT,
            SERVE_BIND,
            FLINK_PARALLELISM,
            FLINK_CHECKPOINT_INTERVAL,
            FLINK_CHECKPOINT_DIR,
            FLINK_STATE_BACKEND,
            FLINK_ROCKSDB_MEMORY,
            FLINK_UI_PORT,
            FLINK_METRICS_PORT,
            RECEIVERS,
            LINKS_DASHBOARD_URL,
            LINKS_RUNBOOK_URL);

    /** Products that alerts can be sent to. */
    public static final List<String> RECEIVER_TYPES =
            List.of("alertmanager", "webhook", "slack", "dingtalk", "feishu", "wecom", "teams");

    /** Severities from mild to grave. */
    public static final List<String> SEVERITIES = List.of("info", "warning", "critical");

    private static final int DEFAULT_RATE_PER_MINUTE = 20;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration DEFAULT_GIVE_UP_AFTER = Duration.ofHours(1);
    private static final Duration DEFAULT_WITHIN = Duration.ofHours(1);

    private Options() {}

    /** The catalogue as a Markdown table, as the documentation shows it. */
    public static String markdownTable() {
        StringBuilder table = new StringBuilder("| key | type | default | meaning |\n| --- | --- | --- | --- |\n");
        for (Option<?> option : ALL) {
            table.append("| `")
                    .append(option.key())
                    .append("` | ")
                    .append(option.type())
                    .append(" | `")
                    .append(option.defaultText())
                    .append("` | ")
                    .append(option.description())
                    .append(" |\n");
        }
        return table.append(
                        "| `kafka.`… | text | | everything else under `kafka.` goes to the Kafka clients unchanged |\n")
                .toString();
    }

    // --- kinds of options

    private static Option<String> text(
            String key,
            String type,
            String description,
            Function<Settings, String> value,
            Option.Parser<String> parser) {
        return new Option<>(key, type, description, value, text -> text, parser);
    }

    private static Option<Integer> integer(
            String key, String description, Function<Settings, Integer> value, Option.Parser<Integer> parser) {
        return new Option<>(key, "whole number", description, value, String::valueOf, parser);
    }

    private static Option<Integer> port(String key, String description, Function<Settings, Integer> value) {
        return new Option<>(key, "port, 0 = any free one", description, value, String::valueOf, Node::port);
    }

    private static Option<Duration> duration(
            String key, String description, Function<Settings, Duration> value, Option.Parser<Duration> parser) {
        return new Option<>(key, "duration", description, value, Durations::format, parser);
    }

    private static <T> Option<List<T>> list(
            String key,
            String type,
            String description,
            Function<Settings, List<T>> value,
            Function<T, String> nameOf,
            Option.Parser<List<T>> parser) {
        return new Option<>(
                key,
                type,
                description,
                value,
                elements -> elements.isEmpty()
                        ? "none"
                        : elements.stream().map(nameOf).collect(Collectors.joining(", ")),
                parser);
    }

    // --- structured options

    private static List<FunnelDefinition> funnels(Node node) {
        Map<String, FunnelDefinition> funnels = new LinkedHashMap<>();
        FunnelDefinition.DEFAULTS.forEach(funnel -> funnels.put(funnel.name(), funnel));
        Set<String> names = new HashSet<>();
        for (Node element : node.elements("a list of funnels")) {
            Node.Fields fields = element.fields(List.of("name", "steps", "within", "mode"), Set.of());
            String name = unique(fields.required("name"), names);
            List<FunnelDefinition.Step> steps = new ArrayList<>();
            Node stepsNode = fields.required("steps");
            for (Node step : stepsNode.elements("a list of steps such as view=clicks.view_item")) {
                steps.add(step(step));
            }
            Duration within = fields.optional("within", Node::positiveDuration, DEFAULT_WITHIN);
            FunnelDefinition.Mode mode =
                    fields.optional("mode", n -> n.constant(FunnelDefinition.Mode.class), FunnelDefinition.Mode.CLOSED);
            try {
                funnels.put(name, new FunnelDefinition(name, steps, within, mode));
            } catch (IllegalArgumentException e) {
                throw stepsNode.expected("other steps: " + e.getMessage());
            }
        }
        return List.copyOf(funnels.values());
    }

    /** A step: {@code {name, stream, type}}, {@code name=stream.type} or {@code stream.type}. */
    private static FunnelDefinition.Step step(Node node) {
        if (!node.isText()) {
            Node.Fields fields = node.fields(List.of("name", "stream", "type"), Set.of());
            EventStream stream = fields.required("stream").constant(EventStream.class);
            Node typeNode = fields.required("type");
            String expected = "a type of the stream " + stream.wireName() + ": " + Node.alternatives(typesOf(stream));
            EventType type = EventType.of(stream, typeNode.text(expected)).orElse(null);
            if (type == null) {
                throw typeNode.expected(expected);
            }
            return new FunnelDefinition.Step(fields.optional("name", Node::name, type.wireName()), type);
        }
        String expected = "a step such as view=clicks.view_item or clicks.view_item";
        String text = node.text(expected);
        int equals = text.indexOf('=');
        String event = text.substring(equals + 1);
        int dot = event.indexOf('.');
        EventType type = null;
        for (EventStream stream : EventStream.values()) {
            if (dot >= 0 && stream.wireName().equals(event.substring(0, dot))) {
                type = EventType.of(stream, event.substring(dot + 1)).orElse(null);
                expected = "a step of the stream " + stream.wireName() + " with one of its types: "
                        + Node.alternatives(typesOf(stream));
            }
        }
        if (type == null) {
            throw node.expected(expected);
        }
        String name = equals < 0
                ? type.wireName()
                : new Node(node.key(), text.substring(0, equals), node.origin(), false).name();
        return new FunnelDefinition.Step(name, type);
    }

    private static List<String> typesOf(EventStream stream) {
        return Arrays.stream(EventType.values())
                .filter(type -> type.stream() == stream)
                .map(EventType::wireName)
                .toList();
    }

    private static List<SkuSettings> skus(Node node) {
        List<SkuSettings> skus = new ArrayList<>();
        Set<List<String>> seen = new HashSet<>();
        for (Node element : node.elements("a list of SKUs")) {
            Node.Fields fields = element.fields(
                    List.of("sku", "warehouse", "leadTime", "leadTimeDeviation", "serviceLevel", "lowThreshold"),
                    Set.of());
            String sku = fields.required("sku").text("a SKU");
            String warehouse = fields.optional("warehouse", n -> n.text("a warehouse"), null);
            if (!seen.add(Arrays.asList(sku, warehouse))) {
                throw fields.required("sku").expected("each SKU and warehouse once");
            }
            skus.add(new SkuSettings(
                    sku,
                    warehouse,
                    fields.optional("leadTime", Node::positiveDuration, null),
                    fields.optional("leadTimeDeviation", Node::duration, null),
                    fields.optional("serviceLevel", n -> n.number(0.5, 1), null),
                    fields.optional("lowThreshold", Node::nonNegative, null)));
        }
        return List.copyOf(skus);
    }

    /** Promotions; the currency of those that name none is null, for the loader to fill in. */
    private static List<Promotion> promotions(Node node) {
        List<Promotion> promotions = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Node element : node.elements("a list of promotions")) {
            Node.Fields fields =
                    element.fields(List.of("name", "start", "end", "currency", "base", "goal", "stretch"), Set.of());
            String name = unique(fields.required("name"), names);
            Instant start = fields.required("start").instant();
            Instant end = fields.required("end").instant();
            if (!start.isBefore(end)) {
                throw fields.required("end").expected("a time after the start");
            }
            BigDecimal base = fields.required("base").amount();
            BigDecimal goal = fields.required("goal").amount();
            BigDecimal stretch = fields.required("stretch").amount();
            if (goal.compareTo(base) < 0) {
                throw fields.required("goal").expected("at least the base " + base.toPlainString());
            }
            if (stretch.compareTo(goal) < 0) {
                throw fields.required("stretch").expected("at least the goal " + goal.toPlainString());
            }
            promotions.add(new Promotion(
                    name, start, end, fields.optional("currency", Node::currency, null), base, goal, stretch));
        }
        return List.copyOf(promotions);
    }

    private static List<Receiver> receivers(Node node) {
        List<Receiver> receivers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Node element : node.elements("a list of receivers")) {
            Node.Fields fields = element.fields(
                    List.of(
                            "name",
                            "type",
                            "url",
                            "secret",
                            "minSeverity",
                            "ratePerMinute",
                            "timeout",
                            "retries",
                            "giveUpAfter"),
                    Set.of("url", "secret"));
            receivers.add(new Receiver(
                    unique(fields.required("name"), names),
                    fields.required("type").oneOf(RECEIVER_TYPES),
                    fields.required("url").secretUrl(),
                    fields.optional("secret", Node::secret, null),
                    fields.optional("minSeverity", n -> n.oneOf(SEVERITIES), SEVERITIES.get(0)),
                    fields.optional("ratePerMinute", n -> n.integer(1, 100_000), DEFAULT_RATE_PER_MINUTE),
                    fields.optional("timeout", Node::positiveDuration, DEFAULT_TIMEOUT),
                    fields.optional("retries", n -> n.integer(0, 1_000), null),
                    fields.optional("giveUpAfter", Node::positiveDuration, DEFAULT_GIVE_UP_AFTER)));
        }
        return List.copyOf(receivers);
    }

    private static String unique(Node name, Set<String> names) {
        String text = name.name();
        if (!names.add(text)) {
            throw name.expected("a name that no other has");
        }
        return text;
    }
}
