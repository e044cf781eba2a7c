package io.shopwatch.wire;

import io.shopwatch.domain.event.EventStream;
import java.util.List;

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

    private Topics() {}
}
