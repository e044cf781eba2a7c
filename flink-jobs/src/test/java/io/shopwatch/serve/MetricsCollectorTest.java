package io.shopwatch.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.shopwatch.TestClock;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.BaselineResult;
import io.shopwatch.wire.DeadLetter;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.SalesResult;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MetricsCollectorTest {

    private static final long NOW = Instant.parse("2026-11-11T12:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;

    private final TestClock clock = new TestClock(NOW);
    private Settings settings = Settings.defaults();
    private ServeState state = new ServeState(settings, clock);

    @Test
    void showsVisitorsByStepAndConversionsBetweenAdjacentStepsAndFirstToLast() {
        accept(Topics.FUNNELS, funnel("5m", NOW, "all", "all", 200, 50, 20, 10));

        assertThat(samples())
                .containsEntry(visitors("view"), 200.0)
                .containsEntry(visitors("pay"), 10.0)
                .containsEntry(conversion("view", "cart"), 0.25) // 50 / 200
                .containsEntry(conversion("cart", "order"), 0.4) // 20 / 50
                .containsEntry(conversion("order", "pay"), 0.5) // 10 / 20
                .containsEntry(conversion("view", "pay"), 0.05) // 10 / 200
                .doesNotContainKey(conversion("view", "order"));
    }

    @Test
    void leavesOutAConversionThatHasNobodyToStartFrom() {
        accept(Topics.FUNNELS, funnel("5m", NOW, "all", "all", 200, 0, 3, 1));

        assertThat(samples())
                .containsEntry(conversion("view", "cart"), 0.0)
                .doesNotContainKey(conversion("cart", "order"))
                .containsEntry(conversion("order", "pay"), 1 / 3.0);
    }

    @Test
    void addsOrdersAndUnitsOfAllCurrenciesButNeverVisitorsOrBuyers() {
        accept(Topics.SALES, sales("1h", NOW, "USD", 100, 5, 4, 3, "400", "300", 2, 6));
        accept(Topics.SALES, sales("1h", NOW, "EUR", 100, 2, 1, 3, "80.5", "40.25", 2, 6));

        assertThat(samples())
                .containsEntry("shopwatch_sales_orders{window=1h,segment=all,value=all,basis=placed}", 7.0) // 5 + 2
                .containsEntry("shopwatch_sales_orders{window=1h,segment=all,value=all,basis=paid}", 5.0) // 4 + 1
                .containsEntry("shopwatch_sales_units{window=1h,segment=all,value=all}", 10.0) // 2·4 + 2·1
                .containsEntry("shopwatch_sales_visitors{window=1h,segment=all,value=all}", 100.0)
                .containsEntry("shopwatch_sales_buyers{window=1h,segment=all,value=all}", 3.0)
                .containsEntry("shopwatch_sales_gmv{window=1h,segment=all,value=all,currency=EUR,basis=placed}", 80.5)
                .containsEntry("shopwatch_sales_gmv{window=1h,segment=all,value=all,currency=USD,basis=paid}", 300.0)
                .containsEntry("shopwatch_sales_refunded{window=1h,segment=all,value=all,currency=USD}", 1.5)
                // 300 / 4 paid orders; 300 / 100 visitors
                .containsEntry(
                        "shopwatch_sales_average_order_value{window=1h,segment=all,value=all,currency=USD}", 75.0)
                .containsEntry("shopwatch_sales_visitor_value{window=1h,segment=all,value=all,currency=USD}", 3.0)
                // 6 abandoned / (6 + 2)
                .containsEntry("shopwatch_cart_abandonment_ratio{window=1h,segment=all,value=all}", 0.75);
    }

    @Test
    void leavesOutRatiosOfSalesThatHaveNothingToDivideBy() {
        accept(Topics.SALES, sales("1h", NOW, "USD", 0, 0, 0, 0, "0", "0", 0, 0));

        assertThat(samples().keySet())
                .anyMatch(name -> name.startsWith("shopwatch_sales_gmv"))
                .noneMatch(name -> name.startsWith("shopwatch_sales_average_order_value"))
                .noneMatch(name -> name.startsWith("shopwatch_sales_visitor_value"))
                .noneMatch(name -> name.startsWith("shopwatch_cart_abandonment_ratio"));
    }

    @Test
    void neverReplacesANewerResultByAnOlderOne() {
        accept(Topics.FUNNELS, funnel("5m", NOW, "all", "all", 200, 50, 20, 10));
        accept(Topics.FUNNELS, funnel("5m", NOW - 1000, "all", "all", 100, 25, 10, 5));

        assertThat(samples())
                .containsEntry(visitors("view"), 200.0)
                .containsEntry("shopwatch_results_total{topic=funnels,outcome=stale}", 1.0);
    }

    @Test
    void forgetsSlidingWindowsThatNoLongerChangeSoonerThanTheDayAndStock() {
        accept(Topics.FUNNELS, funnel("5m", NOW, "all", "all", 200, 50, 20, 10));
        accept(Topics.FUNNELS, funnel("today", NOW, "all", "all", 900, 50, 20, 10));
        accept(Topics.INVENTORY, stock("sku-1", "out", 0, 0.0, 12.0));

        clock.advance(15 * MINUTE);
        assertThat(samples()).containsKey(visitors("view"));
        clock.advance(1);
        assertThat(samples())
                .doesNotContainKey(visitors("view"))
                .containsEntry(visitors("view").replace("5m", "today"), 900.0)
                .containsEntry("shopwatch_stock_available_units{sku=sku-1,warehouse=default}", 0.0);
        clock.advance(26 * 60 * MINUTE);
        assertThat(samples())
                .doesNotContainKey(visitors("view").replace("5m", "today"))
                .doesNotContainKey("shopwatch_stock_available_units{sku=sku-1,warehouse=default}")
                // What is on the shelf stays there: totals are of all SKUs.
                .containsEntry("shopwatch_stock_skus{state=out}", 1.0);
    }

    @Test
    void keepsAReplayOfAnOldYearVisibleBecauseExpiryCountsFromArrival() {
        long longAgo = Instant.parse("2019-10-01T00:30:00Z").toEpochMilli();
        accept(Topics.FUNNELS, funnel("5m", longAgo, "all", "all", 200, 50, 20, 10));
        accept(Topics.FUNNELS, funnel("today", longAgo, "all", "all", 900, 50, 20, 10));

        assertThat(samples())
                .containsKey(visitors("view"))
                .containsKey(visitors("view").replace("5m", "today"));
    }

    @Test
    void doesNotBringOldSeriesBackAfterARestart() {
        byte[] old = Json.bytes(funnel("5m", NOW - 30 * MINUTE, "channel", "gone", 7, 1, 1, 1));
        byte[] young = Json.bytes(funnel("5m", NOW, "channel", "email", 8, 1, 1, 1));
        state.accept(Topics.FUNNELS, null, old, NOW - 30 * MINUTE, false);
        state.accept(Topics.FUNNELS, null, young, NOW - MINUTE, false);

        assertThat(samples().keySet())
                .anyMatch(name -> name.contains("value=email"))
                .noneMatch(name -> name.contains("value=gone"));
    }

    @Test
    void dropsYesterdaysFiguresOfTheDayAtMidnight() {
        long midnight = Instant.parse("2026-11-12T00:00:00Z").toEpochMilli();
        accept(Topics.FUNNELS, funnel("today", midnight, "channel", "email", 900, 50, 20, 10)); // ends the 11th
        assertThat(samples().keySet()).anyMatch(name -> name.contains("value=email"));

        accept(Topics.FUNNELS, funnel("today", midnight + 1000, "all", "all", 1, 0, 0, 0)); // the 12th
        assertThat(samples().keySet())
                .noneMatch(name -> name.contains("value=email"))
                .anyMatch(name -> name.contains("window=today"));
    }

    @Test
    void removesAKeyAtItsTombstone() {
        FunnelResult result = funnel("5m", NOW, "all", "all", 200, 50, 20, 10);
        accept(Topics.FUNNELS, result);
        state.accept(Topics.FUNNELS, result.key().getBytes(StandardCharsets.UTF_8), null, NOW, true);

        assertThat(samples()).doesNotContainKey(visitors("view"));
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of(Topics.FUNNELS, "not json"),
                Arguments.of(Topics.FUNNELS, "null"),
                Arguments.of(Topics.FUNNELS, "[]"),
                Arguments.of(Topics.FUNNELS, "{}"),
                Arguments.of(
                        Topics.FUNNELS,
                        "{\"funnel\":\"f\",\"window\":\"7m\",\"segment\":\"all\",\"value\":\"all\",\"steps\":[]}"),
                Arguments.of(
                        Topics.FUNNELS,
                        "{\"funnel\":\"f\",\"window\":\"5m\",\"segment\":\"all\",\"value\":\"all\",\"steps\":[null]}"),
                Arguments.of(
                        Topics.SALES,
                        "{\"window\":\"5m\",\"segment\":\"all\",\"value\":\"all\",\"currency\":\"USD\","
                                + "\"gmvPlaced\":\"1e999999999\",\"gmvPaid\":\"0\",\"refunded\":\"0\"}"),
                Arguments.of(Topics.INVENTORY, "{\"sku\":\"a\",\"warehouse\":\"b\",\"state\":\"lost\"}"),
                Arguments.of(Topics.ALERTS, "{\"id\":\"a\"}"),
                Arguments.of(Topics.BASELINES, "{\"window\":\"5m\",\"segment\":\"all\"}"),
                Arguments.of(Topics.STATUS, "{\"job\":\"mine\",\"runId\":\"r\"}"),
                Arguments.of(
                        Topics.STATUS, "{\"job\":\"sales\",\"runId\":\"r\",\"events\":{\"clicks\":{\"late\":null}}}"),
                Arguments.of(Topics.DEAD_LETTERS, "{\"topic\":\"clicks\"}"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void countsAResultThatCannotBeReadAndGoesOn(String topic, String value) {
        state.accept(topic, null, value.getBytes(StandardCharsets.UTF_8), NOW, true);
        accept(Topics.FUNNELS, funnel("5m", NOW, "all", "all", 200, 50, 20, 10));

        assertThat(samples())
                .containsEntry("shopwatch_results_total{topic=" + topic + ",outcome=malformed}", 1.0)
                .containsKey(visitors("view"));
    }

    @Test
    void countsEachStreamFromOneJobAndNeverGoesBackWithinARun() {
        accept(Topics.STATUS, status("funnel", "run-1", Map.of("clicks", Map.of("accepted", 90L, "late", 3L))));
        accept(Topics.STATUS, status("sales", "run-1", Map.of("clicks", Map.of("accepted", 100L, "late", 2L))));
        assertThat(samples()).containsEntry(events("clicks", "accepted"), 100.0); // sales, not 90 + 100

        // Back to the last checkpoint: the same records are counted again, not anew.
        accept(Topics.STATUS, status("sales", "run-1", Map.of("clicks", Map.of("accepted", 60L))));
        assertThat(samples())
                .containsEntry(events("clicks", "accepted"), 100.0)
                .containsEntry(events("clicks", "late"), 2.0)
                .containsEntry(events("clicks", "duplicate"), 0.0)
                .containsEntry(events("clicks", "dead_letter"), 0.0);

        accept(Topics.STATUS, status("sales", "run-2", Map.of("clicks", Map.of("accepted", 7L))));
        assertThat(samples())
                .containsEntry(events("clicks", "accepted"), 7.0)
                .containsEntry(events("clicks", "late"), 0.0)
                .doesNotContainKey(events("stock", "accepted"));
    }

    @Test
    void countsEachRejectedRecordOnceUnderAKnownReason() {
        accept(Topics.DEAD_LETTERS, new DeadLetter("malformed", "d", "clicks", 0, 17, NOW, ""));
        accept(Topics.DEAD_LETTERS, new DeadLetter("malformed", "d", "clicks", 0, 17, NOW + 5, ""));
        accept(Topics.DEAD_LETTERS, new DeadLetter("malformed", "d", "clicks", 1, 17, NOW, ""));
        accept(Topics.DEAD_LETTERS, new DeadLetter("<b>", "d", "else\"where", 1, 17, NOW, ""));

        assertThat(samples())
                .containsEntry("shopwatch_dead_letters_total{stream=clicks,reason=malformed}", 2.0)
                .containsEntry("shopwatch_dead_letters_total{stream=other,reason=other}", 1.0);
    }

    @Test
    void countsOneAlertPerIncidentHoweverOftenItIsSaid() {
        accept(Topics.ALERTS, alert("a", "firing", "SKU-1"));
        accept(Topics.ALERTS, alert("a", "firing", "SKU-1"));
        accept(Topics.ALERTS, alert("b", "firing", "SKU-2"));
        accept(Topics.ALERTS, alert("b", "resolved", "SKU-2"));
        accept(Topics.ALERTS, alert("b", "firing", "SKU-2")); // a job went back to its last checkpoint

        assertThat(samples())
                .containsEntry("shopwatch_alerts_total{rule=stock-out,kind=stock_out,severity=critical}", 2.0)
                .containsEntry(firing("SKU-1"), 1.0)
                .containsEntry(firing("SKU-2"), 0.0)
                .containsEntry(firing("SKU-1").replace("alerts_firing", "alert_start_timestamp_seconds"), NOW / 1000.0);

        clock.advance(16 * MINUTE);
        assertThat(samples()).containsEntry(firing("SKU-1"), 1.0).doesNotContainKey(firing("SKU-2"));
    }

    @Test
    void showsStockThatMattersMostAndCountsAllOfIt() {
        settings = withMaxSkus(2);
        state = new ServeState(settings, clock);
        accept(Topics.INVENTORY, stock("fast", "in_stock", 500, 90.0, null));
        accept(Topics.INVENTORY, stock("slow", "in_stock", 500, 1.0, null));
        accept(Topics.INVENTORY, stock("gone", "out", 0, 2.0, 30.0));
        accept(Topics.INVENTORY, stock("new", "unknown", 0, 0.0, null));

        assertThat(samples())
                .containsKey("shopwatch_stock_available_units{sku=gone,warehouse=default}")
                .containsKey("shopwatch_stock_available_units{sku=fast,warehouse=default}")
                .doesNotContainKey("shopwatch_stock_available_units{sku=slow,warehouse=default}")
                .containsEntry("shopwatch_stock_skus{state=in_stock}", 2.0)
                .containsEntry("shopwatch_stock_skus{state=out}", 1.0)
                .containsEntry("shopwatch_stock_skus{state=oversold}", 0.0)
                .containsEntry("shopwatch_stock_skus{state=unknown}", 1.0)
                // 1 of the 3 that have stock records
                .containsEntry("shopwatch_stock_out_ratio{weighting=sku}", 1 / 3.0)
                // 30 / (90 + 1 + 30): what ran out weighs what it sold then
                .containsEntry("shopwatch_stock_out_ratio{weighting=demand}", 30 / 121.0)
                // 2 per hour × 10
                .containsEntry("shopwatch_stock_revenue_at_risk{sku=gone,warehouse=default}", 20.0)
                .containsEntry("shopwatch_stock_revenue_at_risk{sku=fast,warehouse=default}", 0.0);
    }

    @Test
    void comparesPromotionsWithTheirTargetsAtEachLevel() {
        Settings.Promotion promotion = new Settings.Promotion(
                "double11",
                Instant.parse("2026-11-11T10:00:00Z"),
                Instant.parse("2026-11-11T20:00:00Z"),
                "USD",
                new BigDecimal(1000),
                new BigDecimal(2000),
                null);
        settings = with(promotion);
        state = new ServeState(settings, clock);
        accept(Topics.SALES, sales("today", NOW - 120 * MINUTE, "USD", 9, 5, 5, 5, "0", "150", 0, 0)); // 10:00
        accept(Topics.SALES, sales("today", NOW, "USD", 9, 5, 5, 5, "0", "650", 0, 0)); // 12:00

        assertThat(samples())
                .containsEntry("shopwatch_sales_target{promotion=double11,level=base,currency=USD}", 1000.0)
                // (650 − 150) / 1000
                .containsEntry(
                        "shopwatch_sales_target_attainment_ratio{promotion=double11,level=base,currency=USD}", 0.5)
                .containsEntry(
                        "shopwatch_sales_target_attainment_ratio{promotion=double11,level=goal,currency=USD}", 0.25)
                // 500 in 2 of 10 hours
                .containsEntry("shopwatch_sales_projected_gmv{promotion=double11,level=goal,currency=USD}", 2500.0)
                .doesNotContainKey("shopwatch_sales_target{promotion=double11,level=stretch,currency=USD}");
    }

    @Test
    void measuresHowOldTheFiguresOfEachJobAre() {
        accept(Topics.SALES, sales("1m", NOW, "USD", 1, 0, 0, 0, "0", "0", 0, 0));
        accept(Topics.STATUS, new JobStatus("sales", "r", NOW, NOW - 1500, Map.of(), Map.of("clicks", NOW - 400)));
        clock.advance(2000);

        assertThat(samples())
                .containsEntry("shopwatch_watermark_lag_seconds{job=sales}", 3.5) // 1.5 + 2
                .containsEntry("shopwatch_last_result_age_seconds{job=sales}", 2.0)
                .containsEntry("shopwatch_newest_event_age_seconds{stream=clicks}", 2.4);
    }

    @Test
    void measuresDelaysOfLiveResultsOnlyAndOfEachInstantOnce() {
        // Arrived 1.2 s after the pane [NOW − 1 s, NOW) began to be full: 0.2 + 1.
        state.accept(
                Topics.SALES, null, Json.bytes(sales("1m", NOW, "USD", 1, 0, 0, 0, "0", "0", 0, 0)), NOW + 200, true);
        state.accept(
                Topics.SALES, null, Json.bytes(sales("1m", NOW, "EUR", 1, 0, 0, 0, "0", "0", 0, 0)), NOW + 200, true);
        // history, and a replay of last year
        state.accept(
                Topics.SALES, null, Json.bytes(sales("1m", NOW + 1000, "USD", 2, 0, 0, 0, "0", "0", 0, 0)), NOW, false);
        state.accept(
                Topics.SALES,
                null,
                Json.bytes(sales("1m", NOW + 2000, "USD", 3, 0, 0, 0, "0", "0", 0, 0)),
                NOW + 400L * 86_400_000,
                true);

        assertThat(samples())
                .containsEntry("shopwatch_event_delay_seconds_count{stream=clicks}", 1.0)
                .containsEntry("shopwatch_event_delay_seconds_sum{stream=clicks}", 1.2)
                .containsEntry("shopwatch_event_delay_seconds_bucket{stream=clicks,le=1.0}", 0.0)
                .containsEntry("shopwatch_event_delay_seconds_bucket{stream=clicks,le=1.25}", 1.0)
                .containsEntry("shopwatch_event_delay_seconds_bucket{stream=clicks,le=+Inf}", 1.0);
    }

    @Test
    void showsWhatTheAlertJobExpects() {
        accept(
                Topics.BASELINES,
                new BaselineResult("purchase", "5m", "view", "cart", "all", "all", NOW, 0.21, 0.25, 4.0));

        assertThat(samples())
                .containsEntry(
                        conversion("view", "cart").replace("conversion_ratio", "baseline_conversion_ratio"), 0.25)
                .containsEntry(conversion("view", "cart").replace("conversion_ratio", "conversion_drop_points"), 4.0);
    }

    @Test
    void neverShowsOneSeriesTwiceHoweverHostileTheNames() {
        List<String> hostile = List.of(
                "a\"} 1\nshopwatch_fake 1",
                "back\\slash",
                "line\nfeed",
                "carriage\rreturn",
                "nul\u0000",
                "nul\u0001",
                "lone\uD800",
                "lone\uDC00",
                "<script>alert(1)</script>",
                "emoji 🛒",
                "x".repeat(300) + "1",
                "x".repeat(300) + "2");
        for (String value : hostile) {
            accept(Topics.FUNNELS, funnel("5m", NOW, "campaign", value, 1, 1, 1, 1));
        }

        List<MetricFamilySamples> families = collect();
        Set<String> seen = new HashSet<>();
        for (MetricFamilySamples family : families) {
            for (Sample sample : family.samples) {
                assertThat(seen.add(sample.name + sample.labelValues)).isTrue();
                assertThat(sample.labelValues)
                        .allMatch(value -> value.length() <= 256)
                        .noneMatch(value -> value.chars().anyMatch(c -> c < ' ' && c != '\n'));
            }
        }
        assertThat(text().lines().filter(line -> line.startsWith("shopwatch_funnel_visitors{")))
                .hasSize(hostile.size() * 4);
        assertThat(text()).doesNotContain("\nshopwatch_fake");
    }

    @Test
    void boundsTheNumberOfSeriesAndKeepsWhatIsAlive() {
        state = new ServeState(settings, clock, 100);
        for (int i = 0; i < 105; i++) {
            accept(Topics.FUNNELS, funnel("5m", NOW + i, "all", "all", 1, 1, 1, 1));
            accept(Topics.FUNNELS, funnel("5m", NOW, "campaign", "spam-" + i, 1, 1, 1, 1));
        }

        assertThat(state.funnels()).hasSize(100);
        assertThat(samples())
                .containsKey(visitors("view"))
                .containsEntry("shopwatch_results_total{topic=funnels,outcome=over_limit}", 6.0);
    }

    // Helpers

    private void accept(String topic, Object value) {
        state.accept(topic, null, Json.bytes(value), clock.millis(), true);
    }

    private static FunnelResult funnel(
            String window, long end, String segment, String value, long view, long cart, long order, long pay) {
        return new FunnelResult(
                "purchase",
                window,
                end,
                segment,
                value,
                List.of(
                        new FunnelResult.Step("view", view),
                        new FunnelResult.Step("cart", cart),
                        new FunnelResult.Step("order", order),
                        new FunnelResult.Step("pay", pay)),
                end);
    }

    private static SalesResult sales(
            String window,
            long end,
            String currency,
            long visitors,
            long placed,
            long paid,
            long buyersAny,
            String gmvPlaced,
            String gmvPaid,
            long cartsOrdered,
            long cartsAbandoned) {
        return new SalesResult(
                window,
                end,
                "all",
                "all",
                currency,
                visitors,
                placed,
                paid,
                Math.min(paid, buyersAny),
                buyersAny,
                2 * paid,
                gmvPlaced,
                gmvPaid,
                "1.5",
                cartsOrdered,
                cartsAbandoned,
                end);
    }

    private static InventoryResult stock(
            String sku, String state, long available, double velocity, Double velocityAtStockOut) {
        return new InventoryResult(
                sku,
                "default",
                "shoes",
                NOW,
                available + 1,
                1,
                available,
                velocity,
                velocity > 0 ? available / velocity * 3600 : null,
                5,
                20,
                state,
                "10",
                "USD",
                velocityAtStockOut,
                4,
                null);
    }

    private static Alert alert(String id, String status, String sku) {
        return new Alert(
                id,
                "stock-out",
                "stock_out",
                "critical",
                status,
                NOW,
                status.equals("firing") ? null : NOW + 1000,
                "sku",
                sku,
                sku + " is out",
                "",
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                "trusted",
                null);
    }

    private static JobStatus status(String job, String run, Map<String, Map<String, Long>> events) {
        return new JobStatus(job, run, NOW, NOW, events, Map.of());
    }

    private static Settings withMaxSkus(int maxSkus) {
        Settings d = Settings.defaults();
        return TestSettings.with(
                d.promotions(),
                new Settings.Metrics(maxSkus, d.metrics().expiry(), d.metrics().longExpiry()));
    }

    private static Settings with(Settings.Promotion promotion) {
        return TestSettings.with(List.of(promotion), Settings.defaults().metrics());
    }

    private static String visitors(String step) {
        return "shopwatch_funnel_visitors{funnel=purchase,window=5m,step=" + step + ",segment=all,value=all}";
    }

    private static String conversion(String from, String to) {
        return "shopwatch_funnel_conversion_ratio{funnel=purchase,window=5m,from=" + from + ",to=" + to
                + ",segment=all,value=all}";
    }

    private static String events(String stream, String outcome) {
        return "shopwatch_events_total{stream=" + stream + ",outcome=" + outcome + "}";
    }

    private static String firing(String sku) {
        return "shopwatch_alerts_firing{rule=stock-out,kind=stock_out,severity=critical,segment=sku,value=" + sku + "}";
    }

    private List<MetricFamilySamples> collect() {
        return new MetricsCollector(state, settings, clock, "1.2.3").collect();
    }

    private Map<String, Double> samples() {
        Map<String, Double> samples = new TreeMap<>();
        for (MetricFamilySamples family : collect()) {
            for (Sample sample : family.samples) {
                List<String> labels = new ArrayList<>();
                for (int i = 0; i < sample.labelNames.size(); i++) {
                    labels.add(sample.labelNames.get(i) + "=" + sample.labelValues.get(i));
                }
                samples.put(sample.name + "{" + String.join(",", labels) + "}", sample.value);
            }
        }
        return samples;
    }

    private String text() {
        StringWriter text = new StringWriter();
        CollectorRegistry registry = new CollectorRegistry();
        registry.register(new MetricsCollector(state, settings, clock, "1.2.3"));
        try {
            TextFormat.write004(text, Collections.enumeration(Collections.list(registry.metricFamilySamples())));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return text.toString();
    }
}
