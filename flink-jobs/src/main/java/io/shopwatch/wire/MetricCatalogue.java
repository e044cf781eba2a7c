package io.shopwatch.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Every metric that {@code serve} shows at {@code /metrics}, declared once: name, type, help, unit and labels. The
 * collector builds its samples from these declarations; the README's table and the queries of the dashboards are
 * checked against them.
 *
 * <p>Units are base units (seconds, ratios from 0 to 1); money is in currency units. Counters end in {@code _total}.
 * {@code segment} is {@code all}, {@code channel}, {@code device}, {@code region}, {@code campaign} or {@code category};
 * a query always names its segment, so that nothing is counted twice.
 */
public final class MetricCatalogue {

    /** How a metric behaves over time. */
    public enum Type {
        /** Goes up and down. */
        GAUGE,
        /** Only grows, until a restart of what counts. */
        COUNTER,
        /** Counts of observations in buckets. */
        HISTOGRAM
    }

    /**
     * One metric.
     *
     * @param name name as it is queried; of a histogram without {@code _bucket}, {@code _sum} and {@code _count}
     * @param type type
     * @param help one sentence for a person
     * @param unit what one unit of the value is, for example {@code seconds}
     * @param labels names of the labels, in order
     */
    public record Metric(String name, Type type, String help, String unit, List<String> labels) {
        public Metric {
            labels = List.copyOf(labels);
        }
    }

    private static final List<Metric> DECLARED = new ArrayList<>();

    private static final String VISITORS = "visitors";
    private static final String RATIO = "ratio";
    private static final String POINTS = "percentage points";
    private static final String MONEY = "currency units";
    private static final String UNITS = "units";
    private static final String SECONDS = "seconds";
    private static final String COUNT = "count";

    /** Distinct visitors by funnel step. */
    public static final Metric FUNNEL_VISITORS = gauge(
            "shopwatch_funnel_visitors",
            "Distinct visitors who reached the step within the window.",
            VISITORS,
            "funnel",
            "window",
            "step",
            "segment",
            "value");

    /** Conversion between adjacent steps, and from the first to the last. */
    public static final Metric FUNNEL_CONVERSION = gauge(
            "shopwatch_funnel_conversion_ratio",
            "Visitors at step to per visitor at step from, a flow rate of the window; absent without visitors at from.",
            RATIO,
            "funnel",
            "window",
            "from",
            "to",
            "segment",
            "value");

    /** Conversion that is usual now. */
    public static final Metric FUNNEL_BASELINE = gauge(
            "shopwatch_funnel_baseline_conversion_ratio",
            "Conversion that the alert rules expect now, from the rule's baseline.",
            RATIO,
            "funnel",
            "window",
            "from",
            "to",
            "segment",
            "value");

    /** How far conversion is below what is usual. */
    public static final Metric FUNNEL_DROP = gauge(
            "shopwatch_funnel_conversion_drop_points",
            "100 times baseline minus observed conversion; negative when conversion is above its baseline.",
            POINTS,
            "funnel",
            "window",
            "from",
            "to",
            "segment",
            "value");

    /** Gross merchandise value. */
    public static final Metric SALES_GMV = gauge(
            "shopwatch_sales_gmv",
            "Gross merchandise value after discounts, at the time of placing or of payment.",
            MONEY,
            "window",
            "segment",
            "value",
            "currency",
            "basis");

    /** Refunds. */
    public static final Metric SALES_REFUNDED = gauge(
            "shopwatch_sales_refunded",
            "Money refunded, at the time of the refund.",
            MONEY,
            "window",
            "segment",
            "value",
            "currency");

    /** Orders of all currencies. */
    public static final Metric SALES_ORDERS = gauge(
            "shopwatch_sales_orders",
            "Orders placed or paid within the window, in all currencies.",
            "orders",
            "window",
            "segment",
            "value",
            "basis");

    /** Distinct visitors who paid. */
    public static final Metric SALES_BUYERS = gauge(
            "shopwatch_sales_buyers",
            "Distinct visitors who paid within the window, in any currency.",
            VISITORS,
            "window",
            "segment",
            "value");

    /** Units paid, of all currencies. */
    public static final Metric SALES_UNITS = gauge(
            "shopwatch_sales_units",
            "Units paid within the window, in all currencies.",
            UNITS,
            "window",
            "segment",
            "value");

    /** Distinct visitors with any click. */
    public static final Metric SALES_VISITORS = gauge(
            "shopwatch_sales_visitors",
            "Distinct visitors with any click within the window.",
            VISITORS,
            "window",
            "segment",
            "value");

    /** Average order value. */
    public static final Metric SALES_AVERAGE_ORDER_VALUE = gauge(
            "shopwatch_sales_average_order_value",
            "Paid gross merchandise value per paid order; absent without paid orders.",
            MONEY,
            "window",
            "segment",
            "value",
            "currency");

    /** Visitor value. */
    public static final Metric SALES_VISITOR_VALUE = gauge(
            "shopwatch_sales_visitor_value",
            "Paid gross merchandise value per visitor; absent without visitors.",
            MONEY,
            "window",
            "segment",
            "value",
            "currency");

    /** Target of a promotion. */
    public static final Metric SALES_TARGET = gauge(
            "shopwatch_sales_target",
            "Target of a promotion for paid gross merchandise value, at three levels.",
            MONEY,
            "promotion",
            "level",
            "currency");

    /** Share of a target that is reached. */
    public static final Metric SALES_TARGET_ATTAINMENT = gauge(
            "shopwatch_sales_target_attainment_ratio",
            "Paid gross merchandise value since the promotion began per its target.",
            RATIO,
            "promotion",
            "level",
            "currency");

    /** Expected GMV at the promotion's end. The same at every level, so that it can be put beside each target. */
    public static final Metric SALES_PROJECTED_GMV = gauge(
            "shopwatch_sales_projected_gmv",
            "Paid gross merchandise value expected at the promotion's end at the pace so far; the same at every level.",
            MONEY,
            "promotion",
            "level",
            "currency");

    /** Cart abandonment. */
    public static final Metric CART_ABANDONMENT = gauge(
            "shopwatch_cart_abandonment_ratio",
            "Carts that ended as abandoned per carts that ended within the window; absent when none ended.",
            RATIO,
            "window",
            "segment",
            "value");

    /** Available units. */
    public static final Metric STOCK_AVAILABLE =
            gauge("shopwatch_stock_available_units", "Units on hand minus reserved units.", UNITS, "sku", "warehouse");

    /** Units on the shelf. */
    public static final Metric STOCK_ON_HAND =
            gauge("shopwatch_stock_on_hand_units", "Units on the shelf.", UNITS, "sku", "warehouse");

    /** Units of open orders. */
    public static final Metric STOCK_RESERVED = gauge(
            "shopwatch_stock_reserved_units",
            "Units of placed orders that have not left the shelf yet.",
            UNITS,
            "sku",
            "warehouse");

    /** Time until stock runs out. */
    public static final Metric STOCK_COVER = gauge(
            "shopwatch_stock_cover_seconds",
            "Time until the available units are sold at the present velocity; absent when nothing sells.",
            SECONDS,
            "sku",
            "warehouse");

    /** When to reorder. */
    public static final Metric STOCK_REORDER_POINT = gauge(
            "shopwatch_stock_reorder_point_units",
            "Available units at which to reorder: demand during the lead time plus safety stock.",
            UNITS,
            "sku",
            "warehouse");

    /** What a stock-out costs. */
    public static final Metric STOCK_REVENUE_AT_RISK = gauge(
            "shopwatch_stock_revenue_at_risk",
            "Revenue lost per hour while the SKU is out: velocity times last unit price; 0 while it is in stock.",
            MONEY + " per hour",
            "sku",
            "warehouse");

    /** Sales velocity. */
    public static final Metric STOCK_VELOCITY = gauge(
            "shopwatch_stock_velocity_units_per_hour",
            "Units sold per hour, exponentially weighted.",
            "units per hour",
            "sku",
            "warehouse");

    /** Safety stock. */
    public static final Metric STOCK_SAFETY_STOCK = gauge(
            "shopwatch_stock_safety_stock_units",
            "Units held against uncertain demand during the lead time.",
            UNITS,
            "sku",
            "warehouse");

    /** SKUs by state. */
    public static final Metric STOCK_SKUS = gauge(
            "shopwatch_stock_skus",
            "SKUs, per warehouse, by state: in_stock, low, out, oversold or unknown. Always of all SKUs.",
            "SKUs",
            "state");

    /** Share of SKUs that ran out. */
    public static final Metric STOCK_OUT_RATIO = gauge(
            "shopwatch_stock_out_ratio",
            "Share of SKUs with stock records that are out or oversold, by SKU or weighed by demand.",
            RATIO,
            "weighting");

    /** Alerts firing now. */
    public static final Metric ALERTS_FIRING = gauge(
            "shopwatch_alerts_firing",
            "Incidents firing now; 0 for a while after the last one is resolved.",
            "incidents",
            "rule",
            "kind",
            "severity",
            "segment",
            "value");

    /** Since when alerts fire. */
    public static final Metric ALERT_START = gauge(
            "shopwatch_alert_start_timestamp_seconds",
            "Start of the oldest incident that is firing now, event time.",
            "seconds since the epoch",
            "rule",
            "kind",
            "severity",
            "segment",
            "value");

    /** Incidents so far. */
    public static final Metric ALERTS = counter(
            "shopwatch_alerts_total",
            "Incidents that fired, each counted once.",
            "incidents",
            "rule",
            "kind",
            "severity");

    /** Notifications. */
    public static final Metric NOTIFICATIONS = counter(
            "shopwatch_notifications_total",
            "Notifications by outcome: delivered, retried, failed or suppressed.",
            COUNT,
            "receiver",
            "outcome");

    /** Records read from the input topics. */
    public static final Metric EVENTS = counter(
            "shopwatch_events_total",
            "Input records by outcome: accepted, late, duplicate or dead_letter. Their sum is all that was read.",
            "records",
            "stream",
            "outcome");

    /** From an event's time until its result is here. */
    public static final Metric EVENT_DELAY = metric(
            "shopwatch_event_delay_seconds",
            Type.HISTOGRAM,
            "Time from the newest events of a result to its arrival here, an upper bound; live results only.",
            SECONDS,
            "stream");

    /** Age of the newest event. */
    public static final Metric NEWEST_EVENT_AGE = gauge(
            "shopwatch_newest_event_age_seconds",
            "Wall clock minus the newest event time accepted from the stream.",
            SECONDS,
            "stream");

    /** How far event time is behind the wall clock. */
    public static final Metric WATERMARK_LAG = gauge(
            "shopwatch_watermark_lag_seconds",
            "Wall clock minus the event time that the job has reached.",
            SECONDS,
            "job");

    /** Time since a job's last result. */
    public static final Metric LAST_RESULT_AGE = gauge(
            "shopwatch_last_result_age_seconds",
            "Time since the job's last result record; of the alert job since its last sign of life.",
            SECONDS,
            "job");

    /** Rejected records. */
    public static final Metric DEAD_LETTERS = counter(
            "shopwatch_dead_letters_total",
            "Records in the dead-letters topic, each input record once.",
            "records",
            "stream",
            "reason");

    /** Rules that the alert job refused. */
    public static final Metric RULES_REJECTED =
            counter("shopwatch_rules_rejected_total", "Rule sets that the alert job refused to take up.", COUNT);

    /** Result records read by serve. */
    public static final Metric RESULTS = counter(
            "shopwatch_results_total",
            "Result records read here by outcome: accepted, stale (older than what is shown), malformed or over_limit.",
            "records",
            "topic",
            "outcome");

    /** The version that runs. */
    public static final Metric BUILD_INFO =
            gauge("shopwatch_build_info", "Always 1; the label names the version that runs.", "none", "version");

    private static final List<Metric> ALL = Collections.unmodifiableList(DECLARED);

    private MetricCatalogue() {}

    /** All metrics, in the order in which they are declared. */
    public static List<Metric> all() {
        return ALL;
    }

    private static Metric gauge(String name, String help, String unit, String... labels) {
        return metric(name, Type.GAUGE, help, unit, labels);
    }

    private static Metric counter(String name, String help, String unit, String... labels) {
        return metric(name, Type.COUNTER, help, unit, labels);
    }

    private static Metric metric(String name, Type type, String help, String unit, String... labels) {
        Metric metric = new Metric(name, type, help, unit, List.of(labels));
        DECLARED.add(metric);
        return metric;
    }
}
