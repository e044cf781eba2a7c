package io.shopwatch.serve;

import io.prometheus.client.Collector;
import io.shopwatch.domain.inventory.StockOutRatio;
import io.shopwatch.domain.sales.TargetLevel;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.BaselineResult;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.MetricCatalogue;
import io.shopwatch.wire.SalesResult;
import io.shopwatch.wire.Topics;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All business metrics, built from the latest results at the time of the scrape: what is no longer in the state is no
 * longer a series, so none can go stale.
 */
final class MetricsCollector extends Collector implements Collector.Describable {

    private static final List<String> OUTCOMES = List.of("accepted", "late", "duplicate", "dead_letter");

    private final ServeState state;
    private final Settings settings;
    private final Clock clock;
    private final String version;

    MetricsCollector(ServeState state, Settings settings, Clock clock, String version) {
        this.state = state;
        this.settings = settings;
        this.clock = clock;
        this.version = version;
    }

    @Override
    public List<MetricFamilySamples> describe() {
        // Another collector counts notifications; its name must stay free.
        return MetricCatalogue.all().stream()
                .filter(metric -> !metric.equals(MetricCatalogue.NOTIFICATIONS))
                .map(metric -> Samples.family(metric, List.of()))
                .toList();
    }

    @Override
    public List<MetricFamilySamples> collect() {
        Samples samples = new Samples();
        samples.add(MetricCatalogue.BUILD_INFO, 1, version);
        addFunnels(samples);
        addSales(samples);
        addPromotions(samples);
        addStock(samples);
        addAlerts(samples);
        addEvents(samples);
        addJobs(samples);
        return samples.families();
    }

    private void addFunnels(Samples samples) {
        for (FunnelResult result : state.funnels()) {
            for (FunnelResult.Step step : result.steps()) {
                samples.add(
                        MetricCatalogue.FUNNEL_VISITORS,
                        step.visitors(),
                        result.funnel(),
                        result.window(),
                        step.step(),
                        result.segment(),
                        result.value());
            }
            for (Ratios.Conversion conversion : Ratios.conversions(result)) {
                samples.add(
                        MetricCatalogue.FUNNEL_CONVERSION,
                        conversion.ratio(),
                        result.funnel(),
                        result.window(),
                        conversion.from(),
                        conversion.to(),
                        result.segment(),
                        result.value());
            }
        }
        for (BaselineResult result : state.baselines()) {
            String[] labels = {
                result.funnel(), result.window(), result.from(), result.to(), result.segment(), result.value()
            };
            addIfPresent(samples, MetricCatalogue.FUNNEL_BASELINE, result.baseline(), labels);
            addIfPresent(samples, MetricCatalogue.FUNNEL_DROP, result.dropPoints(), labels);
        }
    }

    private void addSales(Samples samples) {
        for (ServeState.SalesGroup group : state.sales()) {
            String[] slice = {group.window(), group.segment(), group.value()};
            long placed = 0;
            long paid = 0;
            long units = 0;
            for (SalesResult row : group.rows()) {
                placed += row.ordersPlaced();
                paid += row.ordersPaid();
                units += row.unitsPaid();
                addMoney(samples, row);
            }
            samples.add(MetricCatalogue.SALES_ORDERS, placed, and(slice, "placed"));
            samples.add(MetricCatalogue.SALES_ORDERS, paid, and(slice, "paid"));
            samples.add(MetricCatalogue.SALES_UNITS, units, slice);
            // Distinct visitors of two currencies overlap, so they come from one row and are never added up.
            SalesResult newest = group.newest();
            samples.add(MetricCatalogue.SALES_BUYERS, newest.buyersAnyCurrency(), slice);
            samples.add(MetricCatalogue.SALES_VISITORS, newest.visitors(), slice);
            addIfPresent(samples, MetricCatalogue.CART_ABANDONMENT, Ratios.cartAbandonment(newest), slice);
        }
    }

    private static void addMoney(Samples samples, SalesResult row) {
        String[] labels = {row.window(), row.segment(), row.value(), row.currency()};
        samples.add(MetricCatalogue.SALES_GMV, number(row.gmvPlaced()), and(labels, "placed"));
        samples.add(MetricCatalogue.SALES_GMV, number(row.gmvPaid()), and(labels, "paid"));
        samples.add(MetricCatalogue.SALES_REFUNDED, number(row.refunded()), labels);
        addIfPresent(samples, MetricCatalogue.SALES_AVERAGE_ORDER_VALUE, Ratios.averageOrderValue(row), labels);
        addIfPresent(samples, MetricCatalogue.SALES_VISITOR_VALUE, Ratios.visitorValue(row), labels);
    }

    private void addPromotions(Samples samples) {
        for (ServeState.PromotionState promotion : state.promotions()) {
            for (TargetLevel level : TargetLevel.values()) {
                BigDecimal target = promotion.target(level);
                if (target == null) {
                    continue;
                }
                String[] labels = {
                    promotion.promotion().name(),
                    level.wireName(),
                    promotion.promotion().currency()
                };
                samples.add(MetricCatalogue.SALES_TARGET, target.doubleValue(), labels);
                if (target.signum() > 0) {
                    samples.add(
                            MetricCatalogue.SALES_TARGET_ATTAINMENT,
                            promotion.gmv().doubleValue() / target.doubleValue(),
                            labels);
                }
                if (promotion.projected() != null) {
                    samples.add(
                            MetricCatalogue.SALES_PROJECTED_GMV,
                            promotion.projected().doubleValue(),
                            labels);
                }
            }
        }
    }

    private void addStock(Samples samples) {
        List<Stock> all = state.allStock();
        Stock.byState(all).forEach((name, count) -> samples.add(MetricCatalogue.STOCK_SKUS, count, name.wireName()));
        StockOutRatio out = Stock.outRatio(all);
        out.bySku().ifPresent(ratio -> samples.add(MetricCatalogue.STOCK_OUT_RATIO, ratio, "sku"));
        out.byDemand().ifPresent(ratio -> samples.add(MetricCatalogue.STOCK_OUT_RATIO, ratio, "demand"));
        for (Stock one : Stock.first(
                state.changingStock(), Stock.MATTERS_MOST, settings.metrics().maxSkus())) {
            InventoryResult stock = one.result();
            String[] labels = {stock.sku(), stock.warehouse()};
            samples.add(MetricCatalogue.STOCK_AVAILABLE, stock.available(), labels);
            samples.add(MetricCatalogue.STOCK_ON_HAND, stock.onHand(), labels);
            samples.add(MetricCatalogue.STOCK_RESERVED, stock.reserved(), labels);
            addIfPresent(samples, MetricCatalogue.STOCK_COVER, stock.coverSeconds(), labels);
            samples.add(MetricCatalogue.STOCK_REORDER_POINT, stock.reorderPoint(), labels);
            samples.add(MetricCatalogue.STOCK_REVENUE_AT_RISK, one.revenueAtRisk(), labels);
            samples.add(MetricCatalogue.STOCK_VELOCITY, stock.velocityPerHour(), labels);
            samples.add(MetricCatalogue.STOCK_SAFETY_STOCK, stock.safetyStock(), labels);
        }
    }

    private void addAlerts(Samples samples) {
        record Labels(String rule, String kind, String severity, String segment, String value) {
            String[] values() {
                return new String[] {rule, kind, severity, segment, value};
            }
        }
        Map<Labels, Long> firing = new LinkedHashMap<>();
        Map<Labels, Long> start = new LinkedHashMap<>();
        for (Alert alert : state.alerts()) {
            Labels labels = new Labels(alert.rule(), alert.kind(), alert.severity(), alert.segment(), alert.value());
            firing.merge(labels, ServeState.isFiring(alert) ? 1L : 0L, Long::sum);
            if (ServeState.isFiring(alert)) {
                start.merge(labels, alert.startsAt(), Math::min);
            }
        }
        firing.forEach((labels, count) -> samples.add(MetricCatalogue.ALERTS_FIRING, count, labels.values()));
        start.forEach((labels, at) -> samples.add(MetricCatalogue.ALERT_START, at / 1000.0, labels.values()));
        state.incidents()
                .forEach((incident, count) -> samples.add(
                        MetricCatalogue.ALERTS, count, incident.rule(), incident.kind(), incident.severity()));
    }

    private void addEvents(Samples samples) {
        state.eventTotals().forEach((stream, counts) -> {
            for (String outcome : OUTCOMES) {
                samples.add(MetricCatalogue.EVENTS, counts.getOrDefault(outcome, 0L), stream, outcome);
            }
        });
        state.addDelaysTo(samples);
        state.deadLetters()
                .forEach((rejection, count) ->
                        samples.add(MetricCatalogue.DEAD_LETTERS, count, rejection.stream(), rejection.reason()));
        samples.add(MetricCatalogue.RULES_REJECTED, state.rulesRejected());
        state.recordsRead()
                .forEach((topic, outcomes) -> outcomes.forEach(
                        (outcome, count) -> samples.add(MetricCatalogue.RESULTS, count, topic, outcome)));
    }

    private void addJobs(Samples samples) {
        long now = clock.millis();
        Map<String, Long> newest = new LinkedHashMap<>();
        for (JobStatus status : state.statuses().values()) {
            if (status.watermark() != null) {
                samples.add(MetricCatalogue.WATERMARK_LAG, (now - status.watermark()) / 1000.0, status.job());
            }
            if (status.newest() != null) {
                status.newest().forEach((stream, time) -> {
                    if (Topics.INPUTS.contains(stream)) {
                        newest.merge(stream, time, Math::max);
                    }
                });
            }
        }
        newest.forEach((stream, time) -> samples.add(MetricCatalogue.NEWEST_EVENT_AGE, (now - time) / 1000.0, stream));
        state.lastResultAt()
                .forEach(
                        (job, at) -> samples.add(MetricCatalogue.LAST_RESULT_AGE, Math.max(0, now - at) / 1000.0, job));
    }

    private static void addIfPresent(Samples samples, MetricCatalogue.Metric metric, Double value, String... labels) {
        if (value != null) {
            samples.add(metric, value, labels);
        }
    }

    private static double number(String amount) {
        return new BigDecimal(amount).doubleValue();
    }

    private static String[] and(String[] labels, String last) {
        String[] longer = Arrays.copyOf(labels, labels.length + 1);
        longer[labels.length] = last;
        return longer;
    }
}
