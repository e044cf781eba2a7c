package io.shopwatch.wire;

import io.shopwatch.domain.event.EventStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Names of all topics. */
public final class Topics {
    public static final String CLICKS = EventStream.CLICKS.wireName();
    public static final String CARTS = EventStream.CARTS.wireName();
    public static final String ORDERS = EventStream.ORDERS.wireName();
    public static final String STOCK = EventStream.STOCK.wireName();

    public static final String FUNNELS = "funnels";
    public static final String SALES = "sales";
    public static final String INVENTORY = "inventory";
    public static final String ALERTS = "alerts";
    public static final String DEAD_LETTERS = "dead-letters";

    /** Alert rules in force, compacted. */
    public static final String RULES = "rules";

    /** Progress and event counts of each job ({@link JobStatus}), compacted by job. */
    public static final String STATUS = "status";

    /** What the alert job expects of each conversion ({@link BaselineResult}), compacted. */
    public static final String BASELINES = "baselines";

    /** What became of each alert at each receiver ({@link Notification}), compacted by receiver, alert and status. */
    public static final String NOTIFICATIONS = "notifications";

    /** Topics that shops write. */
    public static final List<String> INPUTS = List.of(CLICKS, CARTS, ORDERS, STOCK);

    /** Topics that keep the latest value of each key. */
    public static final List<String> COMPACTED =
            List.of(FUNNELS, SALES, INVENTORY, ALERTS, RULES, STATUS, BASELINES, NOTIFICATIONS);

    /** All of Shopwatch's topics. */
    public static final List<String> ALL = Stream.of(INPUTS, COMPACTED, List.of(DEAD_LETTERS))
            .flatMap(List::stream)
            .toList();

    private Topics() {}

    /**
     * How Shopwatch creates one of its own topics; the names are those of Kafka's topic settings.
     *
     * <p>The broker's time is kept with each record, whatever the producer says: a result of a replayed old year is as
     * young as its record, and readers that start later can tell.
     */
    public static Map<String, String> configOf(String topic) {
        if (INPUTS.contains(topic)) {
            return Map.of();
        }
        if (!COMPACTED.contains(topic)) {
            // A rejected record of many megabytes is a third larger in base64.
            return Map.of("message.timestamp.type", "LogAppendTime", "max.message.bytes", "16777216");
        }
        // Only closed segments are compacted: small ones keep what a reader has to go through at its start small.
        return Map.of(
                "cleanup.policy", "compact",
                "message.timestamp.type", "LogAppendTime",
                "segment.bytes", "67108864",
                "segment.ms", "3600000",
                "min.cleanable.dirty.ratio", "0.3");
    }
}
