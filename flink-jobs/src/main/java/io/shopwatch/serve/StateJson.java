package io.shopwatch.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.inventory.StockOutRatio;
import io.shopwatch.domain.sales.TargetLevel;
import io.shopwatch.domain.window.Window;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.SalesResult;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What the war-room page shows, as one JSON document. Ages are in seconds, so the viewer's clock does not matter. */
final class StateJson {

    private static final long FRESH_MILLIS = 250;
    private static final int MAX_CHANNELS = 12;
    private static final int MAX_STOCK = 12;
    private static final int MAX_ALERTS = 50;

    private static final Comparator<Alert> MOST_SEVERE = Comparator.comparingInt(StateJson::severity)
            .reversed()
            .thenComparing(Comparator.comparingLong(Alert::startsAt).reversed())
            .thenComparing(Alert::id);

    // What is out costs money now; next comes what runs out first.
    private static final Comparator<Stock> SELLS_OUT_NEXT = Comparator.comparing((Stock stock) -> !stock.isOut())
            .thenComparing(Comparator.comparingDouble(Stock::revenueAtRisk).reversed())
            .thenComparingDouble(stock -> stock.result().coverSeconds() == null
                    ? Double.MAX_VALUE
                    : stock.result().coverSeconds())
            .thenComparing(Stock.MATTERS_MOST);

    private final ServeState state;
    private final Settings settings;
    private final Clock clock;
    private final String version;
    private final Supplier<Readiness> readiness;

    private byte[] latest;
    private long latestAt;

    StateJson(ServeState state, Settings settings, Clock clock, String version, Supplier<Readiness> readiness) {
        this.state = state;
        this.settings = settings;
        this.clock = clock;
        this.version = version;
        this.readiness = readiness;
    }

    /** The document, at most {@value #FRESH_MILLIS} ms old: many viewers cost no more than one. */
    synchronized byte[] bytes() {
        long now = clock.millis();
        if (latest == null || now - latestAt >= FRESH_MILLIS || now < latestAt) {
            latest = build(now);
            latestAt = now;
        }
        return latest;
    }

    private byte[] build(long now) {
        ObjectNode root = Json.mapper().createObjectNode();
        Readiness ready = readiness.get();
        root.put("version", version);
        root.put("time", now);
        root.put("ready", ready.ready());
        root.put("reason", ready.reason());
        root.put("currency", settings.shop().currency());
        root.put("timezone", timezone());
        addWindows(root.putObject("windows"));
        addPromotions(root.putArray("promotions"));
        addStock(root.putObject("stock"));
        addAlerts(root.putArray("alerts"), now);
        addHealth(root.putObject("health"), now);
        try {
            return Json.mapper().writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The shop's time zone by a name that browsers know. */
    private String timezone() {
        String id = settings.shop().timezone().getId();
        return id.equals("Z") ? "UTC" : id;
    }

    private void addWindows(ObjectNode windows) {
        for (Window window : Window.values()) {
            ObjectNode node = windows.putObject(window.wireName());
            node.putNull("sales");
            node.putObject("funnels");
            node.putArray("channels");
        }
        for (ServeState.SalesGroup group : state.sales()) {
            if (group.segment().equals(Segment.ALL.wireName())) {
                ((ObjectNode) windows.get(group.window())).set("sales", sales(group));
            } else if (group.segment().equals(Segment.CHANNEL.wireName())) {
                ((ArrayNode) windows.get(group.window()).get("channels")).add(sales(group));
            }
        }
        for (Window window : Window.values()) {
            ObjectNode node = (ObjectNode) windows.get(window.wireName());
            node.set("channels", largest((ArrayNode) node.get("channels")));
        }
        for (FunnelResult result : state.funnels()) {
            if (result.segment().equals(Segment.ALL.wireName())) {
                ((ObjectNode) windows.get(result.window()).get("funnels"))
                        .set(result.funnel(), Json.mapper().valueToTree(result.steps()));
            }
        }
    }

    /** The channels with most visitors. */
    private static ArrayNode largest(ArrayNode channels) {
        ArrayNode largest = Json.mapper().createArrayNode();
        channels.valueStream()
                .sorted(Comparator.comparingLong(
                                (JsonNode channel) -> channel.get("visitors").asLong())
                        .reversed()
                        .thenComparing(channel -> channel.get("value").asText()))
                .limit(MAX_CHANNELS)
                .forEach(largest::add);
        return largest;
    }

    private ObjectNode sales(ServeState.SalesGroup group) {
        SalesResult newest = group.newest();
        SalesResult main = group.rows().stream()
                .filter(row -> row.currency().equals(settings.shop().currency()))
                .findFirst()
                .orElse(newest);
        long placed = 0;
        long paid = 0;
        long units = 0;
        for (SalesResult row : group.rows()) {
            placed += row.ordersPlaced();
            paid += row.ordersPaid();
            units += row.unitsPaid();
        }
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("value", group.value());
        node.put("end", newest.end());
        node.put("visitors", newest.visitors());
        node.put("buyers", newest.buyersAnyCurrency());
        node.put("ordersPlaced", placed);
        node.put("ordersPaid", paid);
        node.put("units", units);
        node.put("conversion", newest.visitors() > 0 ? (double) newest.buyersAnyCurrency() / newest.visitors() : null);
        node.put("abandonment", Ratios.cartAbandonment(newest));
        node.put("currency", main.currency());
        putMoney(node, main);
        ArrayNode others = node.putArray("otherCurrencies");
        for (SalesResult row : group.rows()) {
            if (!row.currency().equals(main.currency()) && new BigDecimal(row.gmvPaid()).signum() != 0) {
                putMoney(others.addObject().put("currency", row.currency()), row);
            }
        }
        return node;
    }

    private static void putMoney(ObjectNode node, SalesResult row) {
        node.put("gmvPaid", new BigDecimal(row.gmvPaid()).doubleValue());
        node.put("gmvPlaced", new BigDecimal(row.gmvPlaced()).doubleValue());
        node.put("refunded", new BigDecimal(row.refunded()).doubleValue());
        node.put("averageOrderValue", Ratios.averageOrderValue(row));
        node.put("visitorValue", Ratios.visitorValue(row));
    }

    private void addPromotions(ArrayNode promotions) {
        for (ServeState.PromotionState promotion : state.promotions()) {
            ObjectNode node = promotions.addObject();
            node.put("name", promotion.promotion().name());
            node.put("start", promotion.promotion().start().toEpochMilli());
            node.put("end", promotion.promotion().end().toEpochMilli());
            node.put("currency", promotion.promotion().currency());
            node.put("gmv", promotion.gmv().doubleValue());
            node.put(
                    "projected",
                    promotion.projected() == null ? null : promotion.projected().doubleValue());
            node.put("phase", phase(promotion.promotion()));
            ArrayNode levels = node.putArray("levels");
            for (TargetLevel level : TargetLevel.values()) {
                BigDecimal target = promotion.target(level);
                if (target != null) {
                    levels.addObject().put("level", level.wireName()).put("target", target.doubleValue());
                }
            }
        }
    }

    /** Before, during or after the promotion, by the time of the figures, not of the wall clock. */
    private String phase(Settings.Promotion promotion) {
        Instant at = state.figuresUntil();
        if (at == null || !at.isAfter(promotion.start())) {
            return "before";
        }
        return at.isBefore(promotion.end()) ? "running" : "over";
    }

    private void addStock(ObjectNode node) {
        List<Stock> all = state.allStock();
        ObjectNode states = node.putObject("states");
        Stock.byState(all).forEach((name, count) -> states.put(name.wireName(), count));
        StockOutRatio out = Stock.outRatio(all);
        out.bySku().ifPresent(ratio -> node.put("outRatio", ratio));
        out.byDemand().ifPresent(ratio -> node.put("outRatioByDemand", ratio));
        double atRisk = 0;
        List<Stock> candidates = new ArrayList<>();
        for (Stock stock : all) {
            if (stock.isOut() || stock.result().coverSeconds() != null) {
                candidates.add(stock);
            }
            String currency = stock.result().currency();
            if (currency == null || currency.equals(settings.shop().currency())) {
                atRisk += stock.revenueAtRisk();
            }
        }
        node.put("revenueAtRisk", atRisk);
        ArrayNode next = node.putArray("next");
        for (Stock stock : Stock.first(candidates, SELLS_OUT_NEXT, MAX_STOCK)) {
            InventoryResult result = stock.result();
            next.addObject()
                    .put("sku", result.sku())
                    .put("warehouse", result.warehouse())
                    .put("category", result.category())
                    .put("state", result.state())
                    .put("available", result.available())
                    .put("velocityPerHour", stock.standing().demandPerHour())
                    .put("coverSeconds", result.coverSeconds())
                    .put("revenueAtRisk", stock.revenueAtRisk())
                    .put("currency", result.currency());
        }
    }

    private void addAlerts(ArrayNode node, long now) {
        state.alerts().stream()
                .filter(ServeState::isFiring)
                .sorted(MOST_SEVERE)
                .limit(MAX_ALERTS)
                .forEach(alert -> node.addObject()
                        .put("rule", alert.rule())
                        .put("kind", alert.kind())
                        .put("severity", alert.severity())
                        .put("segment", alert.segment())
                        .put("value", alert.value())
                        .put("summary", alert.summary())
                        .put("data", alert.data())
                        .put("startsAt", alert.startsAt())
                        .put("age", Math.max(0, now - alert.startsAt()) / 1000.0));
    }

    private static int severity(Alert alert) {
        return switch (alert.severity()) {
            case "critical" -> 2;
            case "warning" -> 1;
            default -> 0;
        };
    }

    private void addHealth(ObjectNode node, long now) {
        ArrayNode jobs = node.putArray("jobs");
        Map<String, Long> lastResults = state.lastResultAt();
        Map<String, Long> lastReports = state.lastReportAt();
        for (JobStatus status : state.statuses().values()) {
            ObjectNode job = jobs.addObject();
            job.put("job", status.job());
            job.put("reportAge", seconds(now, lastReports.get(status.job())));
            job.put("resultAge", seconds(now, lastResults.get(status.job())));
            job.put("watermarkLag", seconds(now, status.watermark()));
        }
        ObjectNode events = node.putObject("events");
        state.eventTotals().forEach((stream, counts) -> {
            ObjectNode outcomes = events.putObject(stream);
            counts.forEach(outcomes::put);
        });
        Instant until = state.figuresUntil();
        node.put("figuresUntil", until == null ? null : until.toEpochMilli());
    }

    private static Double seconds(long now, Long then) {
        return then == null ? null : (now - then) / 1000.0;
    }
}
