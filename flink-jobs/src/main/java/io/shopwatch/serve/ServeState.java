package io.shopwatch.serve;

import io.shopwatch.domain.event.EventStream;
import io.shopwatch.domain.event.Segment;
import io.shopwatch.domain.sales.PromotionProgress;
import io.shopwatch.domain.sales.TargetLevel;
import io.shopwatch.domain.window.Window;
import io.shopwatch.settings.Settings;
import io.shopwatch.wire.Alert;
import io.shopwatch.wire.BaselineResult;
import io.shopwatch.wire.DeadLetter;
import io.shopwatch.wire.DeadLetterReason;
import io.shopwatch.wire.FunnelResult;
import io.shopwatch.wire.InventoryResult;
import io.shopwatch.wire.JobStatus;
import io.shopwatch.wire.Json;
import io.shopwatch.wire.Keys;
import io.shopwatch.wire.MetricCatalogue;
import io.shopwatch.wire.SalesResult;
import io.shopwatch.wire.Topics;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The latest results, as the result topics tell them. Safe for use by several threads.
 *
 * <p>Memory and series are bounded whatever is written to the topics: at most {@value #MAX_WINDOW_KEYS} keys each of
 * funnels, sales and baselines, {@value #MAX_STOCK_KEYS} of stock (of which only {@code metrics.max-skus} become
 * series), {@value #MAX_INCIDENTS} incidents. Beyond that the key that changed least recently makes room.
 */
final class ServeState {

    static final int MAX_WINDOW_KEYS = 20_000;
    static final int MAX_STOCK_KEYS = 2_000_000;
    static final int MAX_INCIDENTS = 10_000;

    /** Jobs that report their status. */
    static final List<String> JOBS = List.of("alert", "funnel", "inventory", "sales");

    private static final int REMEMBERED_IDS = 100_000;
    private static final int MAX_INCIDENT_COUNTERS = 1_000;

    /** A delay beyond this is a replay of old times, not a delay. */
    private static final double MAX_DELAY_SECONDS = 3600;

    /** A watermark beyond this is the end of a bounded run, not a time. */
    private static final long MAX_AHEAD_MILLIS = 2 * 86_400_000L;

    private static final String ACCEPTED = "accepted";
    private static final String OTHER = "other";

    // Plain decimals only: an exponent could stand for a number of a billion digits.
    private static final Pattern MONEY = Pattern.compile("-?\\d{1,30}(\\.\\d{1,10})?");

    private static final Set<String> DEAD_LETTER_REASONS = Arrays.stream(DeadLetterReason.values())
            .map(DeadLetterReason::wireName)
            .collect(Collectors.toSet());

    /** A record that its topic cannot hold. */
    private static final class MalformedResult extends IOException {
        private static final long serialVersionUID = 1;

        MalformedResult(String message) {
            super(message);
        }
    }

    /** Sales of one window, segment and value: a row for each currency, newest first, never empty. */
    record SalesGroup(String window, String segment, String value, List<SalesResult> rows) {
        /** The row for the figures that do not depend on a currency. */
        SalesResult newest() {
            return rows.get(0);
        }
    }

    /** A promotion and what it has sold; {@code projected} is null before its start. */
    record PromotionState(Settings.Promotion promotion, BigDecimal gmv, BigDecimal projected) {
        /** The target at the level, or null where none is set. */
        BigDecimal target(TargetLevel level) {
            return switch (level) {
                case BASE -> promotion.base();
                case GOAL -> promotion.goal();
                case STRETCH -> promotion.stretch();
            };
        }
    }

    /** What the counter of incidents tells apart. */
    record IncidentKind(String rule, String kind, String severity) {}

    /** What the counter of rejected records tells apart. */
    record Rejection(String stream, String reason) {}

    private final Settings settings;
    private final Clock clock;

    private final LatestValues<FunnelResult> funnels;
    private final LatestValues<SalesResult> sales;
    private final LatestValues<BaselineResult> baselines;
    private final LatestValues<Stock> stock = new LatestValues<>(MAX_STOCK_KEYS);
    private final LatestValues<Alert> alerts = new LatestValues<>(MAX_INCIDENTS);

    private final Map<String, JobStatus> statuses = new TreeMap<>();
    private final Map<String, Long> lastReportAt = new TreeMap<>();
    private final Map<String, Long> lastResultAt = new TreeMap<>();
    private final EventCounters events = new EventCounters();
    private final Map<EventStream, DelayHistogram> delays = new EnumMap<>(EventStream.class);
    private final Map<EventStream, Long> delaysUntil = new EnumMap<>(EventStream.class);
    private final Map<IncidentKind, Long> incidents = new LinkedHashMap<>();
    private final Set<String> incidentIds = rememberedIds();
    private final Map<Rejection, Long> rejections = new LinkedHashMap<>();
    private final Set<String> rejectedRecords = rememberedIds();
    private final Map<String, Map<String, Long>> recordsRead = new TreeMap<>();
    private final Map<Settings.Promotion, PromotionProgress> promotions = new LinkedHashMap<>();

    /** The day of the newest figures; figures of {@code today} that end on an earlier day are over. */
    private LocalDate today = LocalDate.MIN;

    private long figuresUntil = Long.MIN_VALUE;

    ServeState(Settings settings, Clock clock) {
        this(settings, clock, MAX_WINDOW_KEYS);
    }

    ServeState(Settings settings, Clock clock, int maxWindowKeys) {
        this.settings = settings;
        this.clock = clock;
        this.funnels = new LatestValues<>(maxWindowKeys);
        this.sales = new LatestValues<>(maxWindowKeys);
        this.baselines = new LatestValues<>(maxWindowKeys);
        for (EventStream stream : EventStream.values()) {
            delays.put(stream, new DelayHistogram());
        }
        for (Settings.Promotion promotion : settings.promotions()) {
            promotions.put(
                    promotion,
                    new PromotionProgress(
                            promotion.start(), promotion.end(), settings.shop().timezone()));
        }
    }

    private static Set<String> rememberedIds() {
        return Collections.newSetFromMap(new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > REMEMBERED_IDS;
            }
        });
    }

    /**
     * Takes in a record of a result topic. A record that cannot be read is counted and otherwise ignored.
     *
     * @param key record key, or null
     * @param value record value, or null for a tombstone
     * @param arrivedAt when the record arrived, epoch milliseconds; the expiry of what it says counts from there
     * @param live whether the record was written while this process was reading the topic's end
     */
    synchronized void accept(String topic, byte[] key, byte[] value, long arrivedAt, boolean live) {
        String outcome;
        try {
            outcome = value == null ? forget(topic, key) : take(topic, value, arrivedAt, live);
        } catch (IOException e) {
            // The bytes are in memory already, so only their content can be wrong; the count below says so.
            outcome = "malformed";
        }
        recordsRead.computeIfAbsent(topic, t -> new TreeMap<>()).merge(outcome, 1L, Long::sum);
    }

    private String forget(String topic, byte[] key) {
        if (key != null) {
            String text = new String(key, StandardCharsets.UTF_8);
            switch (topic) {
                case Topics.FUNNELS -> funnels.remove(text);
                case Topics.SALES -> sales.remove(text);
                case Topics.INVENTORY -> stock.remove(text);
                case Topics.ALERTS -> alerts.remove(text);
                case Topics.BASELINES -> baselines.remove(text);
                case Topics.STATUS -> statuses.remove(text);
                default -> {
                    // Nothing is kept by key.
                }
            }
        }
        return ACCEPTED;
    }

    private String take(String topic, byte[] value, long arrivedAt, boolean live) throws IOException {
        return switch (topic) {
            case Topics.FUNNELS -> funnel(Json.read(value, FunnelResult.class), arrivedAt);
            case Topics.SALES -> sales(Json.read(value, SalesResult.class), arrivedAt, live);
            case Topics.INVENTORY -> inventory(Json.read(value, InventoryResult.class), arrivedAt, live);
            case Topics.ALERTS -> alert(Json.read(value, Alert.class), arrivedAt);
            case Topics.BASELINES -> baseline(Json.read(value, BaselineResult.class), arrivedAt);
            case Topics.STATUS -> status(Json.read(value, JobStatus.class), arrivedAt);
            case Topics.DEAD_LETTERS -> deadLetter(Json.read(value, DeadLetter.class));
            default -> throw new MalformedResult("no results in topic " + topic);
        };
    }

    private String funnel(FunnelResult result, long arrivedAt) throws MalformedResult {
        require(result != null && present(result.funnel(), result.value()) && result.steps() != null, "funnel");
        requireWindow(result.window(), result.segment());
        for (FunnelResult.Step step : result.steps()) {
            require(step != null && present(step.step()), "step");
        }
        resultOf("funnel", arrivedAt);
        noteTime(result.end());
        return outcome(funnels.offer(result.key(), result, result.end(), arrivedAt));
    }

    private String sales(SalesResult result, long arrivedAt, boolean live) throws MalformedResult {
        require(result != null && present(result.value(), result.currency()), "sales");
        requireWindow(result.window(), result.segment());
        for (String amount : Arrays.asList(result.gmvPlaced(), result.gmvPaid(), result.refunded())) {
            require(amount != null && MONEY.matcher(amount).matches(), "amount");
        }
        resultOf("sales", arrivedAt);
        noteTime(result.end());
        if (result.segment().equals(Segment.ALL.wireName())) {
            if (result.window().equals(Window.TODAY.wireName())) {
                notePromotions(result);
            }
            if (live && result.window().equals(Window.ONE_MINUTE.wireName())) {
                noteSalesDelays(sales.get(result.key()), result, arrivedAt);
            }
        }

        return outcome(sales.offer(result.key(), result, result.end(), arrivedAt));
    }

    private String inventory(InventoryResult result, long arrivedAt, boolean live) throws MalformedResult {
        require(
                result != null
                        && present(result.sku(), result.warehouse(), result.state())
                        && (result.unitPrice() == null
                                || MONEY.matcher(result.unitPrice()).matches()),
                "inventory");
        Stock one;
        try {
            one = Stock.of(result);
        } catch (IllegalArgumentException e) {
            throw new MalformedResult(e.getMessage());
        }
        resultOf("inventory", arrivedAt);
        if (live) {
            noteDelay(EventStream.STOCK, result.time(), arrivedAt);
        }
        return outcome(stock.offer(result.key(), one, result.time(), arrivedAt));
    }

    private String alert(Alert alert, long arrivedAt) throws MalformedResult {
        require(
                alert != null
                        && present(alert.id(), alert.rule(), alert.kind(), alert.severity(), alert.status())
                        && present(alert.segment(), alert.value()),
                "alert");
        resultOf("alert", arrivedAt);
        if (incidentIds.add(alert.id())) {
            IncidentKind kind = new IncidentKind(alert.rule(), alert.kind(), alert.severity());
            if (incidents.containsKey(kind) || incidents.size() < MAX_INCIDENT_COUNTERS) {
                incidents.merge(kind, 1L, Long::sum);
            }
        }
        // A job that goes back to its last checkpoint says again what it said: resolved stays resolved.
        return outcome(alerts.offer(alert.id(), alert, isFiring(alert) ? 0 : 1, arrivedAt));
    }

    private String baseline(BaselineResult result, long arrivedAt) throws MalformedResult {
        require(result != null && present(result.funnel(), result.from(), result.to(), result.value()), "baseline");
        requireWindow(result.window(), result.segment());
        resultOf("alert", arrivedAt);
        return outcome(baselines.offer(result.key(), result, result.end(), arrivedAt));
    }

    private String status(JobStatus status, long arrivedAt) throws MalformedResult {
        require(status != null && present(status.job(), status.runId()) && JOBS.contains(status.job()), "status");
        if (status.events() != null) {
            for (Map<String, Long> counts : status.events().values()) {
                require(counts != null && !counts.containsValue(null), "events");
            }
        }
        events.update(status);
        statuses.put(status.job(), status);
        lastReportAt.put(status.job(), arrivedAt);
        if (status.job().equals("alert")) {
            resultOf("alert", arrivedAt);
        }
        if (status.watermark() != null && status.watermark() < clock.millis() + MAX_AHEAD_MILLIS) {
            noteTime(status.watermark() + 1);
        }
        return ACCEPTED;
    }

    private String deadLetter(DeadLetter letter) throws MalformedResult {
        require(letter != null && present(letter.reason(), letter.topic()), "dead letter");
        String record = Keys.of(letter.topic(), Integer.toString(letter.partition()), Long.toString(letter.offset()));
        if (rejectedRecords.add(record)) {
            rejections.merge(
                    new Rejection(
                            Topics.INPUTS.contains(letter.topic()) ? letter.topic() : OTHER,
                            DEAD_LETTER_REASONS.contains(letter.reason()) ? letter.reason() : OTHER),
                    1L,
                    Long::sum);
        }
        return ACCEPTED;
    }

    private static void requireWindow(String window, String segment) throws MalformedResult {
        try {
            Window.ofWireName(window);
            Segment.ofWireName(segment);
        } catch (IllegalArgumentException e) {
            throw new MalformedResult(e.getMessage());
        }
    }

    private static void require(boolean holds, String what) throws MalformedResult {
        if (!holds) {
            throw new MalformedResult("incomplete " + what);
        }
    }

    private static boolean present(String... fields) {
        for (String field : fields) {
            if (field == null) {
                return false;
            }
        }
        return true;
    }

    private static String outcome(LatestValues.Outcome outcome) {
        return switch (outcome) {
            case ACCEPTED -> ACCEPTED;
            case STALE -> "stale";
            case OVER_LIMIT -> "over_limit";
        };
    }

    private void resultOf(String job, long arrivedAt) {
        lastResultAt.merge(job, arrivedAt, Math::max);
    }

    private void noteTime(long end) {
        if (end > figuresUntil) {
            figuresUntil = end;
            today = dayBefore(end);
        }
    }

    /** The day that holds the last instant before {@code end}. */
    private LocalDate dayBefore(long end) {
        return LocalDate.ofInstant(
                Instant.ofEpochMilli(end - 1), settings.shop().timezone());
    }

    private void notePromotions(SalesResult result) {
        promotions.forEach((promotion, progress) -> {
            if (promotion.currency().equals(result.currency())) {
                progress.dayToDate(result.end(), new BigDecimal(result.gmvPaid()));
            }
        });
    }

    private void noteSalesDelays(SalesResult known, SalesResult result, long arrivedAt) {
        if (known == null || known.visitors() != result.visitors()) {
            noteDelay(EventStream.CLICKS, result.end(), arrivedAt);
        }
        if (known == null
                || known.ordersPlaced() != result.ordersPlaced()
                || known.ordersPaid() != result.ordersPaid()) {
            noteDelay(EventStream.ORDERS, result.end(), arrivedAt);
        }
        if (known == null
                || known.cartsOrdered() != result.cartsOrdered()
                || known.cartsAbandoned() != result.cartsAbandoned()) {
            noteDelay(EventStream.CARTS, result.end(), arrivedAt);
        }
    }

    /** Observes a delay once for each instant, however many rows tell of it. */
    private void noteDelay(EventStream stream, long end, long arrivedAt) {
        Long until = delaysUntil.get(stream);
        if (until != null && end <= until) {
            return;
        }
        delaysUntil.put(stream, end);
        double seconds = Math.max(0, arrivedAt - (end - Window.SLIDE_MILLIS)) / 1000.0;
        if (seconds <= MAX_DELAY_SECONDS) {
            delays.get(stream).observe(seconds);
        }
    }

    static boolean isFiring(Alert alert) {
        return alert.status().equals("firing");
    }

    // What follows is read by the collector and the page.

    synchronized List<FunnelResult> funnels() {
        List<FunnelResult> shown = new ArrayList<>();
        addShown(shown, funnels, FunnelResult::window, FunnelResult::end);
        return shown;
    }

    synchronized List<SalesGroup> sales() {
        List<SalesResult> shown = new ArrayList<>();
        addShown(shown, sales, SalesResult::window, SalesResult::end);
        Map<String, List<SalesResult>> groups = new LinkedHashMap<>();
        for (SalesResult row : shown) {
            groups.computeIfAbsent(Keys.of(row.window(), row.segment(), row.value()), k -> new ArrayList<>())
                    .add(row);
        }
        List<SalesGroup> grouped = new ArrayList<>(groups.size());
        for (List<SalesResult> rows : groups.values()) {
            rows.sort(Comparator.comparingLong(SalesResult::end)
                    .thenComparingLong(SalesResult::visitors)
                    .reversed()
                    .thenComparing(SalesResult::currency));
            SalesResult first = rows.get(0);
            grouped.add(new SalesGroup(first.window(), first.segment(), first.value(), rows));
        }
        return grouped;
    }

    synchronized List<BaselineResult> baselines() {
        List<BaselineResult> shown = new ArrayList<>();
        addShown(shown, baselines, BaselineResult::window, BaselineResult::end);
        return shown;
    }

    private <V> void addShown(
            List<V> shown, LatestValues<V> values, Function<V, String> window, ToLongFunction<V> end) {
        long now = clock.millis();
        long since = now - settings.metrics().expiry().toMillis();
        long longSince = now - settings.metrics().longExpiry().toMillis();
        String todayName = Window.TODAY.wireName();
        values.forEach((value, changedAt) -> {
            boolean alive = window.apply(value).equals(todayName)
                    ? changedAt >= longSince
                            && dayBefore(end.applyAsLong(value)).equals(today)
                    : changedAt >= since;
            if (alive) {
                shown.add(value);
            }
        });
    }

    /** Stock of all SKUs, also of those that have not changed for long: what is on the shelf stays there. */
    synchronized List<Stock> allStock() {
        return stock.all();
    }

    /** Stock that changed within {@code metrics.long-expiry}. */
    synchronized List<Stock> changingStock() {
        return stock.changedSince(
                clock.millis() - settings.metrics().longExpiry().toMillis());
    }

    /** Incidents that fire, and those that were resolved within {@code metrics.expiry}. */
    synchronized List<Alert> alerts() {
        List<Alert> shown = new ArrayList<>();
        long since = clock.millis() - settings.metrics().expiry().toMillis();
        alerts.forEach((alert, changedAt) -> {
            if (isFiring(alert) || changedAt >= since) {
                shown.add(alert);
            }
        });
        return shown;
    }

    synchronized Map<IncidentKind, Long> incidents() {
        return new LinkedHashMap<>(incidents);
    }

    synchronized List<PromotionState> promotions() {
        List<PromotionState> states = new ArrayList<>();
        promotions.forEach((promotion, progress) -> states.add(new PromotionState(
                promotion,
                progress.gmv(),
                figuresUntil == Long.MIN_VALUE ? null : progress.projected(Instant.ofEpochMilli(figuresUntil)))));
        return states;
    }

    /** Event time that the figures have reached, or null before the first. */
    synchronized Instant figuresUntil() {
        return figuresUntil == Long.MIN_VALUE ? null : Instant.ofEpochMilli(figuresUntil);
    }

    /** By job, when its last status arrived, epoch milliseconds. */
    synchronized Map<String, Long> lastReportAt() {
        return new TreeMap<>(lastReportAt);
    }

    synchronized Map<String, JobStatus> statuses() {
        return new TreeMap<>(statuses);
    }

    /** By job, when its last result arrived, epoch milliseconds. */
    synchronized Map<String, Long> lastResultAt() {
        return new TreeMap<>(lastResultAt);
    }

    synchronized Map<String, Map<String, Long>> eventTotals() {
        return events.totals();
    }

    synchronized long rulesRejected() {
        return events.rulesRejected();
    }

    synchronized Map<Rejection, Long> deadLetters() {
        return new LinkedHashMap<>(rejections);
    }

    synchronized Map<String, Map<String, Long>> recordsRead() {
        Map<String, Map<String, Long>> copy = new TreeMap<>();
        recordsRead.forEach((topic, outcomes) -> copy.put(topic, new TreeMap<>(outcomes)));
        return copy;
    }

    /** Adds the delay of each stream to a scrape. */
    synchronized void addDelaysTo(Samples samples) {
        delays.forEach((stream, histogram) -> samples.add(MetricCatalogue.EVENT_DELAY, histogram, stream.wireName()));
    }
}
